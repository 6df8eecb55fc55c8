"""MJML 5 as a table: each element, where it may stand, and what its attributes hold.

From the components of the reference implementation (npm `mjml` 5.4, MIT); a test compares the two
where node is installed. mrml knows less: `NOT_COMPILED` says what it passes over.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

Values = Mapping[str, str]
"""By the name of an attribute: what it holds, in the words of `mjml_values`."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in an element, and what its attributes hold; some are `required`.

    `is_text`: what stands in it is HTML or text, and is not looked into.
    """

    children: tuple[str, ...] = ()
    attributes: Values = msgspec.field(default_factory=dict)
    required: tuple[str, ...] = ()
    is_text: bool = False


def _all(value: str, names: str) -> Values:
    return dict.fromkeys(names.split(), value)


_LENGTH, _LENGTHS = "px %", "px % {1,4}"
_SIDES = "align=left center right"


def _padding(prefix: str = "") -> Values:
    sides = f"{prefix}padding-top {prefix}padding-right {prefix}padding-bottom {prefix}padding-left"
    return {f"{prefix}padding": _LENGTHS, **_all(_LENGTH, sides)}


_PADDING = _padding()
_SPACING = {"letter-spacing": "-px em", "line-height": "px % number"}
_FONT = {
    "color": "colour",
    "font-family": "text",
    "font-size": "px",
    "font-style": "text",
    "font-weight": "text",
}
_BORDERS = _all("text", "border border-top border-right border-bottom border-left")
_BORDER = {**_BORDERS, "border-radius": "text"}
_ALIGN = {"align": "one of left center right"}
_VERTICAL = {"vertical-align": "one of top middle bottom"}
_DIRECTION = {"direction": "one of ltr rtl"}
_GROUND = {"background-color": "colour"}
_CONTAINER = {"container-background-color": "colour"}
_LINK = _all("text", "href rel target")
_ACCORDION = {
    "border": "text",
    "font-family": "text",
    "icon-align": "one of top middle bottom",
    "icon-width": _LENGTH,
    "icon-height": _LENGTH,
    "icon-position": "one of left right",
    **_all("text", "icon-wrapped-url icon-wrapped-alt icon-unwrapped-url icon-unwrapped-alt"),
}
_SECTION = {
    **_GROUND,
    **_BORDER,
    **_DIRECTION,
    **_PADDING,
    **_all("text", "background-url background-size background-position"),
    **_all("text", "background-position-x background-position-y"),
    "background-repeat": "one of repeat no-repeat",
    "full-width": "one of full-width false",
    "gutter": _LENGTH,
    "text-align": "one of left center right",
    "text-padding": _LENGTHS,
}
_CONTENT = tuple(
    "mj-accordion mj-button mj-carousel mj-divider mj-image mj-navbar mj-raw mj-social mj-spacer "
    "mj-table mj-text".split()
)

ELEMENTS: Mapping[str, Element] = {
    "mjml": Element(
        children=("mj-head", "mj-body", "mj-raw"), attributes=_all("text", "lang dir owa")
    ),
    # In the head.
    "mj-head": Element(
        children=tuple(
            "mj-attributes mj-breakpoint mj-font mj-html-attributes mj-preview mj-raw mj-style "
            "mj-title".split()
        )
    ),
    "mj-attributes": Element(),  # defaults of any element: `mjml_check` knows what they may be
    "mj-breakpoint": Element(attributes={"width": "px"}, required=("width",)),
    "mj-font": Element(attributes=_all("text", "name href"), required=("name", "href")),
    "mj-html-attributes": Element(children=("mj-selector",)),
    "mj-selector": Element(
        children=("mj-html-attribute",), attributes={"path": "text"}, required=("path",)
    ),
    "mj-html-attribute": Element(attributes={"name": "text"}, required=("name",), is_text=True),
    "mj-preview": Element(is_text=True),
    "mj-style": Element(attributes={"inline": "one of inline"}, is_text=True),
    "mj-title": Element(is_text=True),
    # What holds others.
    "mj-body": Element(
        children=("mj-section", "mj-wrapper", "mj-hero", "mj-raw"),
        attributes={"width": "px", "id": "text", **_GROUND},
    ),
    "mj-wrapper": Element(
        children=("mj-section", "mj-hero", "mj-raw"), attributes={**_SECTION, "gap": "px"}
    ),
    "mj-section": Element(children=("mj-column", "mj-group", "mj-raw"), attributes=_SECTION),
    "mj-group": Element(
        children=("mj-column", "mj-raw"),
        attributes={**_GROUND, **_DIRECTION, **_VERTICAL, "width": _LENGTH},
    ),
    "mj-column": Element(
        children=_CONTENT,
        attributes={
            **_GROUND,
            **_BORDER,
            **_DIRECTION,
            **_PADDING,
            **_VERTICAL,
            "inner-background-color": "colour",
            **{f"inner-{name}": kind for name, kind in _BORDER.items()},
            "width": _LENGTH,
        },
    ),
    "mj-hero": Element(
        children=_CONTENT,
        attributes={
            **_GROUND,
            **_PADDING,
            **_padding("inner-"),
            **_VERTICAL,
            **_all("text", "mode background-url background-position border-radius"),
            **_all(_LENGTH, "height background-width background-height"),
            "inner-background-color": "colour",
        },
    ),
    # What is shown.
    "mj-text": Element(
        is_text=True,
        attributes={
            **_GROUND,
            **_CONTAINER,
            **_FONT,
            **_PADDING,
            **_SPACING,
            **_VERTICAL,
            **_all("text", "text-decoration text-transform"),
            "align": "one of left right center justify",
            "height": _LENGTH,
        },
    ),
    "mj-button": Element(
        is_text=True,
        required=("href",),
        attributes={
            **_ALIGN,
            **_GROUND,
            **_BORDER,
            **_CONTAINER,
            **_FONT,
            **_LINK,
            **_PADDING,
            **_SPACING,
            **_VERTICAL,
            **_all("text", "name title text-decoration text-transform"),
            **_all(_LENGTH, "height width"),
            "inner-padding": _LENGTHS,
            "text-align": "one of left right center",
        },
    ),
    "mj-image": Element(
        required=("src",),
        attributes={
            **_ALIGN,
            **_BORDER,
            **_CONTAINER,
            **_LINK,
            **_PADDING,
            **_all("text", "alt name src srcset sizes title usemap"),
            "fluid-on-mobile": "true or false",
            "font-size": "px",
            "height": "px auto",
            "max-height": _LENGTH,
            "width": "px",
        },
    ),
    "mj-divider": Element(
        attributes={
            **_ALIGN,
            **_CONTAINER,
            **_PADDING,
            "border-color": "colour",
            "border-style": "text",
            "border-width": "px",
            "width": _LENGTH,
        }
    ),
    "mj-spacer": Element(attributes={**_BORDERS, **_CONTAINER, **_PADDING, "height": _LENGTH}),
    "mj-table": Element(
        is_text=True,
        attributes={
            **_ALIGN,
            **_CONTAINER,
            **{name: kind for name, kind in _FONT.items() if name != "font-style"},
            **_PADDING,
            **_VERTICAL,
            **_all("integer", "cellpadding cellspacing"),
            "border": "text",
            "line-height": "px % number",
            "role": "one of none presentation",
            "table-layout": "one of auto fixed initial inherit",
            "width": "px % auto",
        },
    ),
    "mj-raw": Element(is_text=True, attributes={"position": "one of file-start"}),
    "mj-navbar": Element(
        children=("mj-navbar-link", "mj-raw"),
        attributes={
            **_ALIGN,
            **_PADDING,
            **_padding("ico-"),
            **_all("text", "base-url hamburger ico-open ico-close ico-font-family"),
            **_all("text", "ico-text-transform ico-text-decoration"),
            "ico-align": "one of left center right",
            "ico-color": "colour",
            "ico-font-size": _LENGTH,
            "ico-line-height": "px % number",
        },
    ),
    "mj-navbar-link": Element(
        is_text=True,
        required=("href",),
        attributes={
            **_FONT,
            **_LINK,
            **_PADDING,
            **_SPACING,
            **_all("text", "name text-decoration text-transform"),
        },
    ),
    "mj-social": Element(
        children=("mj-social-element", "mj-raw"),
        attributes={
            **_ALIGN,
            **_CONTAINER,
            **_FONT,
            **_PADDING,
            **_VERTICAL,
            **_all("text", "border border-radius text-decoration"),
            **_all(_LENGTH, "icon-size icon-height"),
            **_all(_LENGTHS, "icon-padding inner-padding text-padding"),
            "line-height": "px % number",
            "mode": "one of horizontal vertical",
            "table-layout": "one of auto fixed",
        },
    ),
    "mj-social-element": Element(
        is_text=True,
        attributes={
            **_ALIGN,
            **_GROUND,
            **_FONT,
            **_LINK,
            **_PADDING,
            **_VERTICAL,
            **_all("text", "border border-radius name src srcset sizes alt title text-decoration"),
            **_all(_LENGTH, "icon-size icon-height"),
            **_all(_LENGTHS, "icon-padding text-padding"),
            "icon-position": "one of left right",
            "line-height": "px % number",
        },
    ),
    "mj-accordion": Element(
        children=("mj-accordion-element", "mj-raw"),
        attributes={**_ACCORDION, **_CONTAINER, **_PADDING},
    ),
    "mj-accordion-element": Element(
        children=("mj-accordion-title", "mj-accordion-text", "mj-raw"),
        attributes={**_ACCORDION, **_GROUND},
    ),
    "mj-accordion-title": Element(
        is_text=True,
        attributes={
            **_GROUND,
            **{name: kind for name, kind in _FONT.items() if name != "font-style"},
            **_PADDING,
        },
    ),
    "mj-accordion-text": Element(
        is_text=True,
        attributes={
            **_GROUND,
            **{name: kind for name, kind in _FONT.items() if name != "font-style"},
            **_PADDING,
            **_SPACING,
        },
    ),
    "mj-carousel": Element(
        children=("mj-carousel-image",),
        attributes={
            **_ALIGN,
            **_CONTAINER,
            **_PADDING,
            **_all("text", "border-radius left-icon right-icon tb-border tb-border-radius"),
            **_all("colour", "tb-hover-border-color tb-selected-border-color"),
            **_all(_LENGTH, "icon-width tb-width"),
            "thumbnails": "one of visible hidden supported",
        },
    ),
    "mj-carousel-image": Element(
        is_text=True,
        required=("src",),
        attributes={
            **_LINK,
            **_all("text", "alt title src thumbnails-src border-radius tb-border tb-border-radius"),
        },
    ),
}
"""Every element there is."""

EVERYWHERE: Values = _all("text", "mj-class css-class")
"""What every element may have."""

NOT_COMPILED: Mapping[str, str] = {
    "mj-html-attributes": "Write the attributes where they belong, in mj-raw or mj-text.",
    "mj-style inline": "Put these rules into mail/body.css, or style attributes.",
}
"""What is MJML, and what mrml leaves out in silence."""
