"""The new words of a mail, without the older mail it quotes.

Rules of our own rather than a library's: the kept ones know no Portuguese, cut signatures off too,
and their expressions take minutes on a hostile text. When in doubt the words stay.
"""

import re
from typing import Final

_MOST_LINES: Final = 5_000
_WROTE: Final = (
    r"wrote|escreveu|escribi[oó]|ha scritto|scrisse|a [eé]crit|schrieb|schreef|skrev|napisa[lł]"
)
# "On Monday, Maria wrote:" in the languages of the marketplaces, alone on its line.
_ATTRIBUTION: Final = re.compile(
    rf"^[>\s]*(?:On|Em|No dia|El|Il|Il giorno|Le|Am|Op|Den|W dniu)\b.{{3,300}}\b(?:{_WROTE})\b.{{0,80}}:\s*$",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(
    r"^\s*-{2,}\s*(?:Original Message|Mensagem original|Messaggio originale|Mensaje original|"
    r"Message d'origine|Urspr[uü]ngliche Nachricht|Oorspronkelijk bericht)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FIRST_HEADER: Final = re.compile(r"^[>\s*]*(?:From|De|Da|Von|Van|Fra)\s*:\*?\s*\S", re.IGNORECASE)
_OTHER_HEADER: Final = re.compile(
    r"^[>\s*]*(?:Sent|Date|To|Subject|Enviad[oa](?: em)?|Data|Para|Assunto|Inviato|A|Oggetto|"
    r"Envoy[eé]|[AÀ]|Objet|Asunto|Fecha|Gesendet|An|Betreff|Verzonden|Aan|Onderwerp)\s*:",
    re.IGNORECASE,
)


def newest(text: str) -> str:
    """Return what the writer of a mail added, all of it when nothing would be left."""
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        return text
    start, resumes = _quote(lines)
    kept = lines[:start]
    if any(_is_quoted(each) for each in lines[resumes:]):
        # Answers may stand between or below the quoted lines.
        kept += lines[resumes:]
    kept = [each for each in kept if not _is_quoted(each)]
    return "\n".join(kept).strip() or text.strip()


def _quote(lines: list[str]) -> tuple[int, int]:
    """Return where the quoted mail is announced, and the line behind that announcement."""
    for number in range(len(lines)):
        if _SEPARATOR.match(lines[number]) or _is_head(lines[number : number + 6]):
            return number, len(lines)
        for length in (1, 2, 3):
            joined = " ".join(lines[number : number + length])
            if len(joined) < 500 and _ATTRIBUTION.match(joined):
                return number, number + length
    return len(lines), len(lines)


def _is_head(lines: list[str]) -> bool:
    """Tell whether a block of headers begins here, as Outlook puts it above what it quotes."""
    others = [each for each in lines[1:] if _OTHER_HEADER.match(each)]
    return len(others) >= 2 and _FIRST_HEADER.match(lines[0]) is not None


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")
