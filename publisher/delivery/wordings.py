"""What servers say when they refuse, one regular expression a line; `refusals` reads it.

`WHO` stands for every word that servers have for a reader's mailbox, `NEAR` for what may stand
between two words of one sentence. Case does not count. `tests/unit/delivery/test_refusals.py` has
the wordings that each must get right; a new one goes there first.
"""

WHO = """
users?
accounts?
mail ?box(?:es)?
mail ?drop
in-?box
recipients?
address(?:es|ee)?
alias
local[- ]?part
customer
subscriber
destination
person
member
user ?id
e-?mail id
destinatar[a-z]+
destinataire
empf[aä]nger[a-z]*
postfach
benutzer
usuario
utente
casella
"""

NEAR = "[^.;!]{0,60}?"

THEM_FOR_SURE = r"""
# a reader's own limits
\b(?:user|recipient|account|mailbox|in-?box)\bNEAR(?:receiv|incoming|inbound)
recipient has exceeded
recipient'?s (?:rate|message|hourly|daily)
gr[ae]y-?list

# whom they let write to them
for-?group
members?[- ]only
non-?member
moderated
mailing list
\bonly accept(?:s|ing)?\b
user rules
permission to (?:send|mail|e-?mail|write) to
allowed to (?:send|post)(?: \w+)? to (?:this|the|that)
restricted (?:recipient|address|group)
allowed[- ]senders? list
@\S+ has blocked you
\b(?:recipient|user|addressee|owner)\bNEAR(?:has blocked|blocks|refuses|rejects|not accepting)
\b(?:recipient|user|addressee|owner)\bNEARdoes not (?:want|accept)
(?:blocked|rejected|refused) by (?:the )?(?:recipients?|user|owner)
recipient preferences

# what the provider knows of them
suppression list
marked as inactive
inactive recipient
(?<!ip )address (?:is )?blacklist
unsubscribed
previously bounced

# no such mailbox, as Exchange and QQ say it
recipient address rejected: access denied
unavailable or access denied
"""

US_FOR_SURE = r"""
# relaying
\brela(?:y|is)
rcpt ?hosts\b
not local host
not a gateway
non-?local (?:recipient|e-?mail)
handle mail for

# our account's quota and rate
\byour (?:\w+ ){0,2}(?:quota|limits?|allowance|credits?|plan|account)\b
\b(?:sending|sender'?s?|outgoing|outbound|submission|smtp|mail send)\b[\w' -]{0,30}(?:quota|limit)
\b(?:sending|sender'?s?|outgoing|outbound|submission|smtp)\b[\w' -]{0,30}(?:rate|threshold|volume)
\b(?:sending|outgoing|outbound|submission|smtp)\b[\w' -]{0,30}(?:blocked|suspend|paused|disabled)
\b(?:daily|hourly|monthly)\b[\w' -]{0,30}(?:quota|limit|credit|maximum)
\b(?:quota|limit|maximum|rate|messages|e?-?mails|rcpts)\b[^.;]{0,40}?OFTEN
\b(?:max|recipients|exceed\w*)\b[^.;]{0,40}?OFTEN
\b(?:quota|limits?|allowance)\b[\w' -]{0,30}\b(?:sending|senders?|outgoing|outbound|submission)\b
too (?:many|much) (?:\w+ ){0,2}(?:messages?|e?-?mails?|mail|traffic|recipients|rcpts?)
too (?:many|much) (?:\w+ ){0,2}(?:connections?|sessions?|requests|errors?|commands|log ?ins?)
trop de
zu viele
(?:messages?|connections?) (?:\w+ )?(?:limit|per connection)
d['’]envoi
\bvers[ae]nd
\bde env[ií]o
лимит
rate[- ]?limit
throttl
frequency
slow(?:ing|er)?(?: down)?\b
unusual
concurrent
excessive
unexpected volume
user complaints
policy rejection
credits? (?:(?:are|have been) )?(?:exceeded|exhausted|used up)
out of credits

# our address as the sender
\bsenders?\bNEAR(?:reject|den(?:y|ied)|refus|fail|block|black|must|\bbad\b|\bnot\b|unknown|invalid)
\bsenders?\bNEAR(?:verif|domain|repu|spoof|ident)
(?:invalid|bad|unknown|unrout\w+|unresolv\w+|envelope) (?:return |envelope )?sender
absender
exp[eé]diteur
[eé]metteur
mittente
remitente
отправител
unresolvable
\bmail ?from\b
\bfrom[':]* (?:header|address|field|domain)
envelope[- ](?:from|blocked)
return[- ]path
send ?as\b
sendas
on behalf of
spoof
to send (?:mail|from|as|email)
(?:domain|identit\w+|address(?:es)?|signature) (?:(?:is|are|was|has) )?(?:not (?:been )?|un)verified
verified (?:sender|identity|domain)
sandbox
test purposes
pending approval
unregistered domain

# our machine
\byour (?:\w+ ){0,2}(?:ip|server|mta|isp|host(?:name)?|domain|helo|dns|ptr)\b
\byour (?:\w+ ){0,2}(?:reputation|connection|network|provider|sender)\b
client (?:host|was not|does not)
\b(?:helo|ehlo|ptr|rdns)\b
reverse (?:dns|host|look|map)
generic
dynamic ip
open proxy
bad ip\b
banned
from \[?\d+\.\d+\.
\bip for sending
\bip(?:v[46])?(?: (?:address|is|not)|=|:| ?\[?\d)
(?:sending|connecting|client|source|originating) (?:ip|mta|server|host|system|mail ?server)

# who logs in
\bauth\w*NEAR(?:required|\bfail|first|needed|must|invalid|\bnot\b)
(?:must|please|need to|have to|require\w*|without|level of) (?:\w+ )?(?:auth|log ?in)
(?:\bnot |un)authenticated
credentials
starttls
\btls\b
\blog ?in first
pop[- ]before
"""

NO_SUCH_MAILBOX = r"""
\b(?:no|unknown|invalid|non-?existent|not our) BEFOREWHO
\bnot an? (?:valid|known|local) BEFOREWHO
\bno such (?!file|command|process|device|domain|host|program|service)
\bno mail ?box
invalid final delivery userid
リストにありません
(?:nobody|no ?one) (?:here )?(?:by|with|at)
not our customer
missing home
@\S+ (?:(?:is|that|which) )?(?:does not|doesn['’]?t) exist
\bWHO\bNEAR(?:does not|doesn['’]?t) exist
doesn['’]?t have an? [\w.-]+ account
(?:user|account|address|addressee|recipient|mailbox)\b[^.;!]{0,20} is not (?:listed|found) in
not listed in (?:the )?(?:public|domino|directory)
recipientnotfound
\bresolver\.adr\.\w*(?:notfound|invalid)
nessun utente
\bn[oã]o? existe\b
inexist
non esist
existiert nicht
bestaat niet
fin(?:n|d)e?s (?:inte|ikke)
nie istnieje
neexist
nem l[ée]tezik
не существует
не найден
нет такого
неизвестн\w+ (?:получатель|пользователь|адрес)
bulunamad
不存在
没有(?:该|这个|此)(?:用户|邮箱|账号)
查无此
找不到(?:收件人|用户|邮箱|電子郵件)
存在しません
見つかりません(?:でした)?
(?:宛先|ユーザ|アドレス)[^。]{0,20}(?:不明|ありません)
存在しない
존재하지
없는 (?:계정|사용자|메일|주소|아이디)
찾을 수 없
inconnu
n['’]existe pas
sconosciut
desconocid
no (?:se )?encontr[oó]
(?:adresse|empf[aä]nger|benutzer|postfach)\b[^.;!]{0,40}nicht (?:bekannt|gefunden|vorhanden)
nicht im [\w-]*verzeichnis
(?:no figura|no se encuentra|no est[aá]) en\b[^.;!]{0,30}(?:directorio|lista|servidor)
non (?:r[ée]pertori[ée]|trouv[ée]|trovat[oa]|presente|elencat[oa])
n[aã]o (?:foi )?(?:encontrad[oa]|localizad[oa])
niet (?:gevonden|vermeld|bekend|aanwezig)
nieznany (?:użytkownik|odbiorca|adresat)
nezn[aá]m[yý] (?:u[zž]ivatel|p[rř][ií]jemce)
ismeretlen (?:felhaszn|címzett)
(?:okänd|ukendt|ukjent) (?:mottagare|användare|modtager|bruger|mottaker|bruker)
tuntematon
unbekannt
\bWHO\bNEAR(?:unknown|not found|not exist|n[o'’]?t (?:known|a valid|be found|recogni))
\bWHO\bNEARcould not be found
\bWHO\bNEAR(?:no existe|n'existe)
"""

CLOSED_MAILBOX = r"""
\b(?:bad|illegal|undeliverable|unrout\w+) BEFOREWHO
\b(?:inactive|disabled|obsolete|expired|closed) BEFOREWHO
not ?found
not present
(?:bad|valid)rcptto
resolver\.
archiv
inactivity
\buser rule
restricted sms
deactivat
nicht (?:bekannt|gefunden|erreichbar)
\bWHO\bNEAR(?:n[o'’]?t (?:accepted|found|exist|known|valid|available|active|here|listed))
\bWHO\bNEAR(?:n[o'’]?t (?:registered|a valid|be found|recogni)|doesn['’]?t|does not|do not)
\bWHO\bNEAR(?:unavailable|invalid|disabled|inactive|suspended|discontinued|deleted|expired|closed)
\bWHO\bNEAR(?:no longer|locked|frozen|not (?:ok|local)|unroutable|reject|refused|denied)
"""

FULL_SERVER = r"""
no space left
(?:insufficient|not enough|out of) (?:system|server|disk) (?:storage|space|resources)
(?:system|server|disk|spool) (?:storage )?(?:is )?full
"""

FULL_MAILBOX = r"""
\bWHO\bNEAR(?:\bfull|quota|over ?limit|exceed|out of storage|voll\b|pleine?)
(?:over|exceed\w*|above|out of)\b[\w' -]{0,30}(?:quota|storage|space|capacity|disk|allocat\w+)
(?:\bfull|insufficient|not enough)\b[\w' -]{0,30}(?:quota|storage|space|capacity|disk|allocat\w+)
quota (?:is )?(?:full|exceed|viol)
mailbox (?:size|is full)
full mail ?box
(?:folder|box|disk) (?:is )?full
space has been used
disk ?space
(?:user|domain)disk
storage limit
(?:kontingent|speicherplatz)\b[^.;!]{0,40}(?:überschritten|erschöpft|voll)
(?:überfüllt|bo[iî]te (?:aux lettres )?pleine|buz[oó]n (?:est[aá] )?lleno|casella piena)
(?:ящик (?:получателя )?переполнен|превышен\w* (?:квот|лимит))
(?:容量|空間|空间|邮箱|信箱|郵箱)[^。]{0,12}(?:已?满|已?滿|不足|超|一杯|オーバー)
caixa (?:postal |de (?:correio|entrada) )?(?:est[aá] )?cheia
skrzynka (?:jest )?(?:pełna|przepełniona)
schránka (?:je )?pln[aá]
(?:inkorg|innboks|indbakke|postl[aå]da)\w* (?:är |er )?ful
postilaatikko (?:on )?täynnä
posta kutusu dolu
postafiók (?:meg)?telt
ящик (?:получателя )?полон
скринька переповнена
メールボックス[^。]{0,20}(?:一杯|いっぱい|容量|満)
(?:용량|메일함)[^.]{0,20}(?:초과|가득|부족)
"""

NO_HOST = r"""
host (?:or domain name )?(?:[\w.-]{1,80} )?not found
null ?mx
unknown host
no mx\b
(?:host|domain) (?:unknown|is unknown|not found|could not be found)
domain (?:[\w.-]{1,80} )?(?:does not exist|is not hosted|has no)
no such (?:host|domain)
couldn['’]t find (?:any host|a mail exchanger)
indicated no smtp service
non-?existent (?:host|domain)s?
address lookups failed permanently
"""

NO_MAIL_THERE = r"""
(?:un|not )rout(?:e)?able
(?:host|domain) (?:is )?not reachable
no longer (?:valid|in use|accept)
does not accept (?:any )?mail
(?:not accepting|no longer accepts) any
\bmoved\b
host unreachable
service not known
"""

MESSAGE = r"""
# NetEase's codes: all of them are about the sender
\b(?:DT|MI|HL|RP|IP|TA|DA):[A-Z]{2,4}\b

# what it is
spam
junk
unsolicited
\bbulk\b
mass mail
virus
malware
phish
infected
trojan
suspicious
content
\bscored?\b
attachment
header
malformed
filtered
batv
bounce attack
pattern detection
(?:message|mail|size) (?:\w+ ){0,3}(?:exceed\w*|limit)
too (?:large|big)
(?:line|message|header|subject|name|path|address)s?\b (?:is |are )?too long

# whether it is ours
\bspf\b
\bdkim\b
\bdmarc\b
\barc\b
authentication

# what we are taken for
(?:black|block|deny|reject)[- ]?list
\brbl\b
dnsbl
\bbl\d
\blisted\b
\bblock(?:ed|s)?\b
reputation
spamhaus
spamcop
barracuda
sorbs
proofpoint
cloudmark
senderscore
polic
politi[kq]
administrativ
prohibit
local restriction
security
complian
complaint
abus
access (?:is )?denied
not (?:accept|permit|allow|authori[sz])
no smtp service
\bdenied\b
protocol (?:violation|error)
syntax
"""
