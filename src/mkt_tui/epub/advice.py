"""What to do about a message, in plain words, for those that publishers meet most."""

from typing import Final

from mkt_tui.i18n import N_, _

_DEAD_PLACE: Final = N_(
    "Give the heading this id, or point the link to an id that is there. Contents made anew by the "
    "program that wrote the book are right as a rule."
)
_MISSING: Final = N_(
    "Put the file in, or take the link out. Look at upper and lower case: reading systems tell them "
    "apart."
)
_MARKUP: Final = N_(
    "The markup is not allowed here. Open the file at this line; a tag is left open, in the wrong "
    "place, or has an attribute it may not have."
)
_ENCRYPTED: Final = N_(
    "Export the book again without encrypting or mangling fonts, with fonts whose licence allows "
    "it, or without embedded fonts. EPUBCheck alone does not object to it."
)
_REFUSED: Final = N_(
    "The file was refused unread. Make the EPUB anew with the program it came from; if it was sent "
    "to you, ask who sent it."
)
_ADVICE: Final = {
    "TOC-DEAD-LINK": N_("Point this entry of the contents to a file that is in the book."),
    "TOC-DEAD-PLACE": _DEAD_PLACE,
    "TOC-ASTRAY": N_("Point this entry to the chapter it names; open the book and try each entry."),
    "FONT-ENCRYPTED": _ENCRYPTED,
    "FILE-ENCRYPTED": N_("Export the book again without copy protection: shops add their own."),
    "FILE-LARGE": N_("Make pictures smaller; save photographs as JPEG."),
    "COVER-MISSING": N_("Mark the cover in the manifest with properties=“cover-image”."),
    "COVER-SMALL": N_("Put in a larger cover image; enlarging the small one does not help."),
    "COVER-LARGE": N_("Put in a smaller copy of the cover image."),
    "IMAGE-LARGE": N_("Put in a smaller copy of the picture."),
    "IMAGE-HEAVY": N_("Put in a smaller copy of the picture, or save it as JPEG."),
    "RSC-001": _MISSING,
    "RSC-004": N_("Shops may refuse encrypted fonts although EPUBCheck only mentions them."),
    "RSC-005": _MARKUP,
    "RSC-006": N_("Put the file into the book: most shops allow no files from the internet."),
    "RSC-007": _MISSING,
    "RSC-008": N_("Name the file in the manifest, or take it out of the book."),
    "RSC-011": N_("Add the file to the reading order (spine), or take the link out."),
    "RSC-012": _DEAD_PLACE,
    "RSC-016": N_(
        "The file is no well-formed XML, so nothing after this line could be checked. Open it at "
        "this line; a tag is left open or a sign such as & stands alone."
    ),
    "OPF-003": N_("Name the file in the manifest, or take it out of the archive."),
    "OPF-014": N_("Add this word to the properties of the file's item in the manifest."),
    "OPF-049": N_("The reading order names an item that the manifest does not have."),
    "OPF-053": N_("Write the date as YYYY-MM-DD."),
    "PKG-005": N_(
        "Pack the archive anew with the file “mimetype” first and without extra fields; programs for "
        "EPUB do so by themselves."
    ),
    "PKG-006": N_(
        "Pack the archive anew with the file “mimetype” first; programs for EPUB do so by themselves."
    ),
    "PKG-007": N_(
        "Pack the archive anew: the first file “mimetype” holds application/epub+zip and nothing more."
    ),
    "NAV-010": N_("The contents must link to the book's own files only."),
    "NAV-011": N_("The contents list the chapters in another order than the book has them."),
    "NCX-001": N_("Copy the book's identifier from the package into the NCX."),
    "CSS-008": N_("The style sheet is broken at this line: a bracket or a semicolon is missing."),
}


def advice(rule: str) -> str:
    """Return what to do about messages of this id, in the current language; "" = nothing known."""
    told = _REFUSED if rule.startswith("ARCHIVE-") else _ADVICE.get(rule, "")
    return _(told) if told else ""
