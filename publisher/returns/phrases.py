"""What mails say, in the languages that people and their servers write: one expression a line.

`#` begins a comment. Case does not count. A new one goes into the corpus first
(`tests/specimens/returned/`).
"""

from __future__ import annotations

import re


def table(text: str, *, whole: bool = False) -> re.Pattern[str]:
    """The lines of a table as one expression; `whole` where a text must be one of them."""
    joined = "|".join(line for line in text.strip().splitlines() if line and line[0] != "#")
    return re.compile(rf"\s{{0,9}}(?:{joined})\s{{0,9}}$" if whole else joined, re.IGNORECASE)


DAEMONS = table(
    r"""
mailer-?daemon.{0,20}
mail-?daemon
mailerdaemon
mail-?system
mdaemon
post[-_]?master.{0,20}
mail[._-]?(?:delivery|error|failure)
delivery
dsn
smtp(?:d|server)?
qmailr?
nondelivery
non-?delivery-?report
mta(?:-?admin)?
mmdf
uucp
system[._-]?administrator
microsoftexchange[0-9a-f]{6,40}
bounces?(?:[+=-].{0,80})?
"""
)
"""The local part of the address that a mail server writes reports from, from its beginning."""

DAEMON_NAMES = table(
    r"""
mail delivery (?:sub)?system
mail delivery (?:service|agent|status)
mail deliver system
^(?:the )?administrator$
^\W*system administrator\b
^systemadministrator$
^postmaster$
mailer.?daemon
\bmailsystem\b
microsoft outlook$
почтов\w+ (?:систем|служб|робот)
メール(?:配信|システム)
系统管理员
系統管理員
"""
)

FAILURE_SUBJECTS = table(
    r"""
undeliver(?:ed|able)
(?:un)?deliver(?:y|ing)\b.{0,40}(?:fail|problem|error|unsuccess|notif|status|report|delay|warning)
(?:fail|problem|error|unsuccess|delay)\w*.{0,40}\bdeliver
failure notice
failed mail
returned (?:e-?)?mail
mail (?:system )?(?:error|failure)
mail could not be delivered
error sending your (?:mail|message)
could not (?:be )?(?:send|deliver|sent)
(?:non|un)[- ]?delivery
not delivered
nondeliverable
message (?:status|not delivered|undeliverable)
^warning: could not send
^warning: (?:message|mail)\b
user unknown
^delayed mail
^mail system notice
^delivery:
^ndn:
unzustellbar
(?:nicht|un)\s?zu(?:ge|zu)?stell
zustell\w+.{0,40}(?:fehl|nicht|verzöger|problem)
rückläufer
fehler bei der (?:e-?mail-?)?(?:zustellung|übermittlung)
non[- ](?:remis|distribu|délivr)
échec d\w* (?:la )?(?:remise|distribution|livraison|envoi)
non remise
message en retour
no se (?:pudo|ha podido|puede) entregar
(?:no|sin) entreg
error (?:en la|de) entrega
devuelto
mancat[oa] (?:recapito|consegna)
non (?:recapitat|consegnat|recapitabil)
impossibile (?:recapitare|consegnare)
não (?:foi )?(?:entreg|possível)
falha na entrega
devolvid[ao]
niet (?:worden )?(?:bezorgd|afgeleverd)
onbestelbaar
kan inte levereras
olevererbar
ikke (?:leveres|levert)
kunne ikke leveres
nie(?:dostarcz|doręcz)
zwrot
kézbesíthetetlen
nedoruč
недоставлен
не доставлен
не (?:может|удалось|удаётся) (?:быть )?достав
ошибка (?:при )?доставки
teslim edilemedi
配信(?:できません|不能|エラー|に失敗|失敗)
(?:送信|配送)(?:エラー|できません|失敗)
(?:メール|宛先).{0,20}(?:不明|届けられません|届きません|戻り)
エラーメール
メールエラー
退信
退件
(?:投递|投遞|发送|發送|传送|傳送|递送)(?:失败|失敗|状态|狀態)
(?:无法|無法|未)(?:投递|投遞|送达|送達|发送|傳遞|传递|傳送)
반송
(?:배달|전송|발송|수신)(?:이|을)? ?(?:실패|불가|되지|할 수)
"""
)

WARNINGS = table(
    r"""
warning message only
do not need to resend
(?:has|have|had|was|is|been)(?: not)?(?: yet)? (?:been )?delay
has not yet been delivered
not yet been delivered
still (?:being )?(?:trying|tried|be tried|in the queue|queued)
will (?:continue to |keep |still )?(?:be )?(?:retr|try|tried|attempt|keep)
(?:delivery|message|mail) (?:status notification \()?delay
delivery of your message .{0,40}delayed
could not (?:be )?(?:send|sent|deliver)\w* (?:message )?for (?:the )?(?:past|last)
no action is required on your part
wird (?:es )?weiter(?:hin)? versuch
verzöger
retard
todavía no
retras
ritardo
atraso
opóźni
задерж
ещё не доставлен
遅延
まだ(?:配信|配送)
延迟
延遲
지연
"""
)
"""Of a message that is still being tried."""

OPENINGS = table(
    r"""
# qmail, and what came of it
hi\. this is the [\w .-]{0,40}qmail[\w-]* program
this is the [\w .-]{0,40}qmail
i['’]m afraid i wasn['’]t able to deliver
# Exim, 1&1, GMX, Mail.ru
this message was created automatically by mail delivery software
a message that you (?:have )?sent (?:could not|has not|contained|was not|was rejected)
# Postfix
this is the (?:[\w-]{1,20} )?mail system at host
this is the [\w. -]{1,60} program at host
i['’]m sorry to have to inform you
# Sendmail
transcript of session follows
the following addresses had (?:permanent fatal errors|transient non-fatal|delivery problems)
the original message was received at
unsent message follows
# Exchange, Microsoft 365, Outlook
your message did not reach some or all of the intended recipients
did not reach the following recipient
delivery has failed to these recipients
the following recipient\(s\) (?:cannot|could not|can't) be reached
your message (?:to .{0,120} )?(?:couldn['’]t|could not|cannot|can't|wasn['’]t|was not) be? ?deliver
this is an automatically generated delivery status notification
delivery to the following recipients? (?:failed|has been delayed|was aborted)
diese nachricht wurde (?:vom|von)
die zustellung .{0,60}fehl
échec de la remise
no se pudo entregar
impossibile recapitare
# Gmail
delivery to the following recipient (?:has been delayed|failed)
your message wasn['’]t delivered to
# Lotus Notes and Domino
^\s*your message\s*$
was not delivered to:
failure reasons
wurde nicht (?:zugestellt|ausgeliefert)
n['’]a pas été (?:remis|distribué|livré)
non è stato (?:recapitato|consegnato)
# Yahoo, AOL and others
sorry,? we were unable to deliver your message
sorry,? unable to deliver your message
unable to deliver (?:your )?(?:message|mail)
(?:could|can)(?:not| not|n['’]t) be delivered
undeliverable (?:mail|message|address)
the following addresses? (?:failed|did not receive)
delivery (?:failed|failure|error)
message from .{0,60} mail server
was undeliverable
the user\(s\) account is
was blocked by our
error message below
failed (?:recipients|addresses)
non-?delivered information
list of failed recipients
mail (?:server|system) .{0,80}(?:return|reject|unable)
undelivered message follows
# others' languages
folgende\w* (?:adresse|empf)
konnte\w* nicht zugestellt
(?:n['’]a pas pu|n['’]ont pas pu|ne peut pas) être (?:remis|distribué|livré|délivré)
no (?:ha podido|pudo|se ha podido) (?:ser )?entrega
não (?:pôde|foi possível) (?:ser )?entreg
kon niet worden (?:bezorgd|afgeleverd)
nie (?:mogła|mógł|można) .{0,30}dostarcz
не (?:может|удалось|было|смог)[^.]{0,60}достав
(?:невозможно|сообщение не) достав
письмо создано автоматически
(?:配信|配送|送信|お届け)(?:でき|する(?:こと|の)が|に失敗)
送られたメール
届け(?:ることが)?できません
送信先.{0,40}(?:見つかり|存在|エラー)
退信|无法(?:投递|送达|发送)|無法(?:投遞|送達|傳送|傳遞)|被退回|投递失败|未能(?:送达|投递)
(?:전송|배달|발송|전달)(?:되지|할 수|하지|이 불가|에 실패)
반송
"""
)
"""Sentences that only servers write, at the beginning of a report or beside the failed address."""

QUOTED = re.compile(
    r"^[ \t*>\[-]{0,40}(?:"
    r"below this line is a copy|below this line is the original|copy of the (?:original )?message"
    r"|this is a copy of (?:the|your) message|original message|the (?:original|header of the original)"
    r" message(?: is)? (?:follow|header)|the header of the original message|returned mail follows"
    r"|returned message|unsent message follows|message text follows|undelivered message follows"
    r"|original message follows|message header|included is a copy of|here is your returned mail"
    r"|start of returned message|forwarded message|message headers follow|original headers"
    r"|the (?:full|first \d+ lines of the) (?:original )?message|the body of the message is"
    r"|copy of message|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale|mensagem original|исходное (?:сообщение|письмо)|оригинал(?:ьное)? (?:письм|сообщ)"
    r"|offending message|元のメッセージ|オリジナルメッセージ|以下は.{0,20}(?:元|原文)|原邮件|原始(?:邮件|郵件|信件)|原信"
    r"|원본 ?메(?:일|시지)|no message was collected|non-?delivered message"
    r")[^\n]{0,200}$",
    re.IGNORECASE | re.MULTILINE,
)
"""The line after which a returned message stands in the text of a report."""

OUT_OF_OFFICE = table(
    r"""
^auto(?:matic|mated|matische|matisch)?[ -]?(?:reply|response|re:|respon[ds]|antwort|generated reply)
^auto(?:reply|response|-?respond|-?antwort|ma(?:tic|ted) re)
^\[?auto[-: ]
automatic (?:reply|response)
auto[- ]?(?:reply|response|responder)\b
out[- ]of[- ](?:the[- ])?office
\booo\b
away from (?:my|the) (?:office|desk|mail|e-?mail)
\b(?:on|annual|maternity|parental|sick) (?:leave|vacation|holiday)
^vacation\b
i am (?:currently )?(?:away|out|on holiday)
abwesen(?:d|heit|t)
automatische antwort
nicht (?:im büro|im hause|am platz)
(?:im|in) urlaub
eingangsbestätigung
réponse automatique
absen(?:ce|t|te)\b
en (?:congé|vacances)
hors du bureau
respuesta autom[aá]tica
fuera de (?:la )?oficina
ausen(?:te|cia)
de vacaciones
risposta automatica
fuori (?:sede|ufficio)
assen(?:te|za)
in ferie
resposta autom[aá]tica
fora do escrit[oó]rio
aus[eê]ncia
de f[eé]rias
automatisch antwoord
afwezig
niet aanwezig
autosvar
automatiskt svar
automatisk svar
frånvaro
fravær
semester(?:svar)?$
automaattinen vastaus
poissa
autom[aá]tikus v[aá]lasz
odpowied[zź] automatyczna
automatyczna odpowied[zź]
nieobecno[sś][cć]
poza biurem
automatick[aáé] odpov
mimo kancel
автоответ
автоматическ\w+ (?:ответ|уведом)
вне офиса
в отпуск
отсутств
автовідпов
otomatik (?:yanıt|cevap)
ofis dışında
αυτόματη απάντηση
εκτός γραφείου
תשובה אוטומטית
מענה אוטומטי
رد تلقائي
خارج المكتب
पत्रोत्तर
स्वचालित
ตอบกลับอัตโนมัติ
tự động trả lời
trả lời tự động
balasan otomatis
自動(?:返信|応答|回覆|回复)
不在(?:通知|のお知らせ|返信)
(?:外出|休暇|休業)(?:中|のお知らせ)
自动(?:回复|答复|回覆)
外出(?:自动|时|時)
不在办公室
休假
자동 ?(?:응답|회신|답장)
부재 ?(?:중|안내)
thank you for (?:contacting|your (?:e-?mail|message))
(?:we|i) (?:have )?received your (?:e-?mail|message)
ticket (?:received|created|opened)
^\[(?:ticket|case|request) ?#?
"""
)
"""In the subject of a mail that a program answered with; for those without any header."""

CHALLENGES = table(
    r"""
(?:please )?(?:confirm|verify|authenticate|approve) (?:your|the) (?:message|e-?mail|mail|delivery)
(?:confirm|verify) that (?:you|it) (?:are|is|was) (?:a |not |sent)
(?:your )?(?:message|e-?mail|mail) (?:is |has been )?(?:being )?(?:held|awaiting|waiting|quarantined)[^.]{0,60}(?:confirm|verif|approv|authori)
requires? (?:your )?(?:confirmation|verification|approval)
sender (?:verification|confirmation|authentication)
(?:is|am|are) using (?:[\w. -]{1,40}) to (?:block|fight|stop|protect|guard)[^.]{0,40}(?:spam|junk)
antispam.{0,30}(?:confirm|verif)
(?:confirm|verif).{0,30}antispam
challenge.?response
boxbe
spam ?arrest
spam ?blocker
suspect e-?mail folder
add (?:your|you(?:rself)?) (?:e-?mail )?(?:address )?to (?:a|his|her|their|my|the)\b.{0,20}list
to be added to (?:my|his|her|their) (?:guest|allow|white|approved|safe)
(?:guest|allow|white) ?list.{0,40}(?:click|reply|confirm)
bestätig\w+ (?:sie )?(?:bitte )?(?:ihre|die|den|dass)[^.]{0,60}(?:nachricht|e-?mail|absender|versand|spam)
spamschutz.{0,60}bestätig
confirm\w+ (?:l['’]envoi|votre (?:message|envoi|courriel|e-?mail|adresse))
confirme (?:seu|o|su|el) (?:e-?mail|envio|envío|mensaje|mensagem)
conferm\w+ (?:l['’]invio|il (?:suo|tuo) messaggio)
подтвердите.{0,40}(?:отправк|письм|сообщ)
"""
)
"""In the subject, or the first lines, of a mail that wants a person to prove to be one."""

_MAIL = r"(?:e-?mail|mail|postal|correo|courriel|posta)"

NEW_ADDRESS = table(
    rf"""
\b(?:my|our|his|her|their|a|the) new (?:e-?mail|mail)?[ -]?(?:address|id)\b(?! book)
\bnew {_MAIL}[ -]?(?:address|id)?\b(?! book)
(?:now|henceforth) (?:be )?(?:reach|contact)\w*(?: me| us)? (?:at|under|via)
(?:i|we) (?:can )?now (?:use|be reached)
has been replaced by
changed (?:my|our|his|her|their) (?:e-?mail|mail)?[ -]?address
neue[nr]? (?:e-?mail|mail)?[ -]?(?:adresse|anschrift)
(?:künftig|ab sofort|zukünftig)\b[^.!]{{0,60}}(?:adresse|unter|an)
nouvelle adresse
nueva direcci[oó]n
nuevo (?:correo|e-?mail)
nuov[oa] (?:indirizzo|e-?mail|mail)
novo (?:endere[cç]o|e-?mail)
nieuwe? (?:e-?mail|mail)?[ -]?adres
ny (?:e-?post|e-?mail|mail)?[ -]?adress?e?
now[aey]\w* adres
nov[áéýou]\w* (?:e-?mail\w* )?adres
új (?:e-?mail[ -]?)?cím
uusi (?:sähköposti)?osoite
нов\w+ (?:адрес|почт|e-?mail|имейл)
yeni (?:e-?posta|adres)
νέα διεύθυνση
新しい(?:メール)?アドレス
新(?:的)?(?:邮箱|邮件|電子郵件|电子邮件|信箱|地址|郵箱)
새(?:로운)? ?(?:이메일|메일|주소)
"""
)
"""Beside a new address of the one who writes, in one sentence with it."""

MOVED = table(
    r"""
(?:e-?mail|mail)?[ -]?address (?:has |was |is |have )?(?:been )?(?:changed|moved|updated)
changed (?:my|our|his|her|their) (?:e-?mail|mail)?[ -]?address
change of (?:e-?mail |mail )?address
(?:please )?(?:update|change) (?:my|your|our) (?:address|contact|e-?mail)
no longer (?:use|using|check|valid|active|in use|monitored|exists)\b.{0,80}(?:instead|please (?:use|write|send|e-?mail))
(?:e-?mail|mail)?-?adresse (?:hat sich|wurde) geändert
(?:e-?mail|mail)?-?adresse (?:ist|wird) nicht mehr (?:gültig|aktiv|verwendet|abgerufen|in gebrauch)
adress?änderung
(?:adresse|mail|courriel)[^.!]{0,30}(?:a changé|n['’]est plus (?:valide|utilisée|active))
changement d['’]adresse
cambio de (?:direcci[oó]n|correo)
(?:direcci[oó]n|correo)[^.!]{0,30}ha cambiado
cambi(?:o|ato)[^.!]{0,10}(?:di )?indirizzo
mudan[cç]a de (?:endere[cç]o|e-?mail)
mud(?:ou|ei) (?:de|o|meu)[^.!]{0,20}(?:endere[cç]o|e-?mail)
(?:e-?mail|mail)?-?adres is (?:gewijzigd|veranderd)
(?:e-?post|e-?mail|mail)?adress?en? (?:har ändrats|er ændret|er endret)
(?:zmian\w+|zmieni\w+) adres
(?:změn\w+) (?:e-?mail\w* )?adres
(?:адрес|почт\w+)[^.!]{0,20}(?:изменил|смен)
(?:メール)?アドレス(?:を|が)?変更
(?:邮箱|信箱|郵箱)(?:已|地址已)?(?:更换|变更|更改|更換|變更)
(?:이메일|메일) ?주소(?:가|를)? ?(?:변경|바뀌)
"""
)
"""Of somebody whose address is another now; it may stand in the sentence after."""

URGENT = table(
    r"""
urgent|emergenc|urgence|urgencia|urgenza|dringend|notfall|spoed|brådskande|haster|pilne|срочн
colleague|kolleg|collègue|compañer|collega|коллег
緊急|お急ぎ|紧急|긴급
"""
)
"""Before the address of somebody else, who answers meanwhile."""

LEAVING = table(
    r"""
(?:please |pls |plz |kindly |i want to |i would like to |i['’]d like to |how (?:do|can) i )?(?:un-?subscribe|opt[- ]?out|sign ?off|signoff)(?: me| us| now)?(?: please| pls| thanks| thank you)?(?: (?:me )?from (?:this|the|your|all) (?:mailing )?(?:list|newsletter|e-?mails?|mails?)s?)?(?: please)?
un-?subscribe (?:me )?from [\w .'’&-]{1,40}
(?:please |pls )?(?:remove|delete|take) (?:me|my (?:e-?mail|mail|address|e-?mail address|name))(?: off| out)?(?:(?: (?:from|of))? (?:this|the|your|all) (?:mailing |e-?mail |distribution )?(?:list|lists|newsletter|database|mails?|e-?mails?))?(?: please)?
(?:please )?(?:stop|cancel) ?(?:(?:sending|mailing|e-?mailing)(?: me)?(?: (?:these |this |your |any |more )*(?:e-?mails?|mails?|newsletters?|messages?))?|(?:my )?subscription|(?:this |the |your )?newsletter|e-?mails?)?(?: please)?
remove|stop|leave|quit|cancel|unsub
(?:no more|don['’]t send(?: me)?(?: any)?(?: more)?) (?:e-?mails?|mails?|newsletters?)(?: please)?
(?:(?:bitte|hiermit|ich möchte|möchte ich|mich|wieder|vom|von|aus|dem|den|diesem|diesen|ihrem|newsletter|rundbrief|verteiler) ){0,7}(?:abmelden|abbestellen|abmeldung|abbestellung|austragen|kündigen|kündigung)(?: bitte)?(?: (?:vom|von|des|den|aus dem|von diesem) (?:verteiler|newsletter|rundbrief|mailingliste?)s?)?(?: bitte)?
(?:bitte )?(?:(?:newsletter|rundbrief|verteiler) (?:bitte )?(?:abbestellen|abmelden|kündigen|stornieren))
(?:ich möchte |bitte )?(?:den |diesen )?newsletter (?:bitte )?(?:abbestellen|abmelden|nicht mehr (?:erhalten|bekommen))
bitte (?:nehmen sie mich|nimm mich|streichen sie mich|löschen sie mich|mich) (?:aus|von|vom) (?:dem|ihrem|der|ihrer|diesem|eurem)? ?(?:verteiler|liste|newsletter|mailingliste)(?: (?:streichen|löschen|nehmen|entfernen|austragen))?
(?:veuillez |merci de |svp )?(?:me )?(?:désabonne[rz]?(?:[- ]moi)?|desabonne[rz]?(?:[- ]moi)?|désinscri(?:re|ption|vez[- ]moi)|desinscri(?:re|ption)|désabonnement|desabonnement|résilier)(?: (?:de|à) (?:la|cette|votre) (?:newsletter|liste|lettre))?(?: (?:svp|merci))?
(?:por favor,? ?)?(?:(?:darme|dar(?:me)?|dadme|denme) de baja|baja|cancelar(?: (?:la |mi )?suscripci[oó]n)?|desuscribir(?:me)?|desuscribirse|anular(?: (?:la |mi )?suscripci[oó]n)?|eliminar(?:me)?)(?: (?:de|del|por) (?:la |esta |este )?(?:lista|bolet[ií]n|newsletter|favor))?
(?:vorrei |per favore,? ?)?(?:cancellar(?:e|mi)|cancellazione|cancellatemi|disiscriver(?:e|mi)|disiscrizione|disiscrivetemi|annulla(?:re)?(?: (?:l['’])?iscrizione)?)(?: (?:dalla|dalla vostra|da questa) (?:newsletter|lista|mailing list))?
(?:por favor,? ?)?(?:cancelar(?: (?:a |minha )?(?:inscri[cç][aã]o|assinatura))?|descadastrar|remover|desinscrever|sair da lista|descadastro)
(?:graag |wil |a\.?u\.?b\.? )?(?:(?:mij )?(?:uitschrijven|afmelden|opzeggen|uitschrijving|afmelding))(?: (?:voor|van) (?:de|deze) (?:nieuwsbrief|lijst|mailinglijst))?(?: (?:a\.?u\.?b\.?|graag))?
(?:vänligen )?(?:avregistrera(?: mig)?|avprenumerera|avsluta(?: prenumeration(?:en)?)?|avanmäl(?:a|an)?)
(?:venligst )?(?:afmeld(?: mig)?|frameld(?: mig)?|avmeld(?: meg)?|meld meg av|stopp)
(?:peruuta(?: tilaus)?|poista minut(?: listalta)?|lopeta)
(?:proszę o )?(?:wypis(?:z|ać|anie)(?: mnie)?|rezygnuj[eę]|rezygnacja|anuluj(?:ę)?(?: subskrypcję)?)(?: z (?:listy|newslettera|subskrypcji))?
(?:prosím )?(?:odhlásit(?: (?:se|odběr))?|odhlášení|zrušit(?: odběr)?)
(?:leiratkoz(?:ás|om|ni)?|kérem töröljenek)
(?:dezabonare|dezabonează-mă|dezabonati-ma)
(?:пожалуйста,? ?)?(?:отписаться|отпишите(?: меня)?|отписка|отменить подписку|отказ(?:аться)? от (?:подписки|рассылки)|удалите (?:меня|мой адрес)(?: из (?:рассылки|списка))?|отписать меня)(?: пожалуйста)?
(?:відписатися|відпишіть(?: мене)?)
(?:lütfen )?(?:abonelikten (?:çık|ayrıl|çıkar)\w*|aboneliği(?:mi)? iptal\w*|listeden (?:çık|çıkar)\w*)
(?:διαγραφή|κατάργηση εγγραφής)
(?:הסר(?:ה|ו)?(?: אותי)?|להסיר)
(?:إلغاء الاشتراك|الغاء الاشتراك)
(?:ยกเลิก(?:การ)?(?:รับ|สมัคร)?.{0,12})
(?:hủy (?:đăng ký|theo dõi))
(?:berhenti(?: berlangganan)?)
(?:(?:配信|購読|メルマガ|登録)(?:を|の)?(?:停止|解除|中止)(?:して(?:ください|下さい)|希望|を?お願い(?:いた)?します|を希望(?:します)?)?|退会(?:希望|します)?)
(?:退订|退訂|取消(?:订阅|訂閱|訂阅)|请(?:退订|取消订阅)|請(?:退訂|取消訂閱)|TD)
(?:수신 ?거부|구독 ?(?:취소|해지)|수신 ?거부(?:합니다|요청)|구독 ?(?:취소|해지)(?:합니다|해 ?주세요|요청))
""",
    whole=True,
)
"""A subject, or a first line, that says nothing but this wants to leave."""
