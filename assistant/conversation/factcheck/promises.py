"""Promises and favours: what the shop would have to keep, said without anybody having decided it.

When a car is ready only a forecast may say; what is free, cheaper, guaranteed, refunded or covered by warranty only
the shop's own texts or a record's own field; that nothing is owed only a balance of zero; and nobody but a person
approves, books or cancels.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import BOOKED_FIELD, Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.naming import last_named
from assistant.conversation.factcheck.reading import Reading, plain


class Promise(StrEnum):
    """What is promised."""

    READY = "ready"
    ARRIVAL = "arrival"
    ARRIVED = "arrived"
    FREE = "free"
    CHEAPER = "cheaper"
    CERTAIN = "certain"
    WARRANTY = "warranty"
    REFUND = "refund"
    DONE = "done"
    PAID = "paid"


BARE = r"(?:^|[.!?\n]\s*)(?:(?:pronto|certo|perfeito|otimo|beleza|tudo|show)[ ,!]+)*"
"""Where a message begins to say that something is done, without saying what."""
PARTS = (
    r"(?:pecas?|bombas?|kits?|discos?|pastilhas?|amortecedor\w*|correias?|sensor\w*|turbinas?|juntas?|filtros?|velas?|bobinas?"
    r"|bieletas?|radiador\w*|modulos?|bicos?|embreagem|bateria|volante|retentor\w*|coxi\w+|rolamento\w*)"
)
"""What a shop waits for; that it is here no field of an order says."""
_UP_TO_FOUR = r"(?:[ '’](?!nao\b|nem\b|ainda nao\b)\w+){0,6}"
PATTERNS: dict[Promise, tuple[str, ...]] = {
    Promise.READY: (
        r"\bwill be (?:ready|done|finished)\b",
        r"\b(?:va a estar|estara) list[oa]\b",
        r"\b(?:vai|vao|deve|devem|ira|irao) (?:ficar|estar|sair) (?:tudo )?(?:pront|liberad|finalizad|concluid)\w+",
        r"\b(?:fica|ficam|ficara|ficarao|estara|estarao|sai|saira) (?:tudo )?(?:pront|liberad|finalizad|concluid)\w+",
        r"\b(?:sera|serao|vai ser) (?:entregue|liberad|finalizad|concluid)\w*",
        r"\b(?:entregaremos|terminaremos|concluiremos|finalizaremos)\b",
        r"\b(?:vamos|iremos) (?:entregar|terminar|concluir|finalizar|liberar)\b",
        r"\b(?:deixamos|deixaremos|vamos deixar) \w+ pront\w+",
    ),
    Promise.ARRIVAL: (
        r"\b(?:pecas?|bomba|kit)(?: \w+){0,3} (?:chega|chegam|chegara|chegarao|vai chegar|vao chegar|deve chegar)\b",
    ),
    Promise.ARRIVED: (
        rf"\b{PARTS}{_UP_TO_FOUR} (?:ja )?(?:chegou|chegaram)\b",
        rf"\b(?:chegou|chegaram|recebemos) (?:ja )?(?:a|as|o|os|sua|suas) {PARTS}\b",
        rf"\b{PARTS}{_UP_TO_FOUR} (?:ja )?(?:esta|estao) (?:aqui|na oficina|conosco|disponive\w+)\b",
        r"\bparts? (?:has|have) (?:already )?arrived\b",
    ),
    Promise.FREE: (
        r"\bsem (?:nenhum |qualquer )?(?:custos?|cobranca|pagar nada)\b",
        r"\bgratuit\w+\b",
        r"\bgratis\b",
        r"\bde graca\b",
        r"\bcortesias?\b",
        r"\bbrindes?\b",
        r"\bpor nossa conta\b",
        r"\bisent\w+\b",
        r"\bcusto zero\b",
        r"\bna faixa\b",
        r"\b(?:free of charge|for free|no charge|sin costo)\b",
        r"\bnao custa(?:ra)? nada\b",
        r"\bnao (?:vai|vamos|iremos) (?:pagar|cobrar)\w*(?: nada)?\b",
        r"\bnao (?:cobramos|paga)(?: nada)?\b",
    ),
    Promise.CHEAPER: (
        r"\bdescont(?!ando (?:o|a)s? )\w+",
        r"\bdiscounts?\b",
        r"\bdescuentos?\b",
        r"\bpromoc(?:ao|oes)",
        r"\bpromocional",
        r"\babatimento",
        r"\bsem juros",
        r"\bpreco especial",
        r"\bcondic(?:ao|oes) especia\w+",
        r"\bcashback",
        r"\bcupom",
        r"\bmais barat\w+",
        r"\bmelhor preco",
        r"\bcobrimos",
        r"\bfaco por",
        r"\bfazemos por",
        r"\bdeixo por",
        r"\bmetade do (?:preco|valor)",
        r"\bparcel(?:amos|ar|a|ado)\b",
    ),
    Promise.CERTAIN: (
        r"\bgaranto\b",
        r"\bgarantimos\b",
        r"\bprometo\b",
        r"\bprometemos\b",
        r"\bsem falta\b",
        r"\bpode confiar\b",
        r"\bcom toda certeza\b",
        r"\bcom certeza (?:vai|vamos|fica|estara|sai|entrega\w*)\b",
        r"\btenho certeza\b",
        r"\bcerteza absoluta\b",
        r"\bjuro\b",
        r"\bme comprometo\b",
        r"\bpode contar(?: com (?:isso|ele|ela))?(?=\s*[.!,;)]|\s*$)",
        r"\bgarantid[oa]s?\b",
        r"\b(?:sem|nao tem) erro\b",
        r"\bguaranteed?\b",
        r"\bnos comprometemos\b",
    ),
    Promise.WARRANTY: (
        r"\b(?:esta|estao|continua|ainda esta|fica|dentro|ainda) (?:na|em|da|sob|coberto pela) garantia\b",
        r"\bcobert[oa]s? (?:pela|por|na) garantia\b",
        r"\bgarantia (?:cobre|vale|ainda vale|inclui|acabou|venceu|expirou)\b",
        r"\b(?:fora|passou) da garantia\b",
        r"\bgarantia(?: \w+){1,7}? (?:ainda |ja )?(?:vale|valendo|ativa|em dia|cobre|acabou|venceu|expirou|terminou)\b",
        r"\bgarantia (?:de fabrica|vitalicia|total|estendida)\b",
        r"\btemos garantia\b",
        r"\bcom garantia\b",
        r"\btem garantia\b",
    ),
    Promise.REFUND: (
        r"\breembols\w+",
        r"\bdevolv\w+ (?:(?:o|todo|seu|do) )*(?:dinheiro|valor|pagamento)",
        r"\bestorn\w+",
        r"\bressarc\w+",
        r"\bindeniz\w+",
        r"\bcarro reserva",
        r"\bleva e traz",
        r"\bguincho",
        r"\bbuscamos (?:o |seu )",
        r"\blevamos (?:o |seu )",
    ),
    Promise.DONE: (
        r"\b(?:confirmei|agendei|marquei|reservei|aprovei|cancelei|remarquei|autorizei|paguei|liberei|apliquei|alterei)\b",
        r"\b(?:desmarquei|mudei|transferi|adiei|antecipei|reagendei)\b",
        r"\b(?:agendamento|horario|visita|reserva)(?: \w+){0,3}? (?:foi |ja foi |ficou |esta |ja esta )"
        r"(?:remarcad|reagendad|mudad|alterad|transferid|adiad|antecipad|desmarcad|cancelad|trocad)\w+",
        r"\b(?:agendamento|horario|visita|retirada|reserva) (?:esta |foi |ja esta |ficou )?"
        r"(?:confirmad|agendad|marcad|reservad)\w+",
        r"\bja confirmad[oa]s?\b",
        r"\b(?:esta|ficou|foi|ja esta) (?:agendad|marcad|reservad|confirmad)\w+",
        r"\b(?:pagamento|pix) (?:foi |esta )?(?:confirmad|aprovad|identificad)\w+",
        r"\b(?:sua )?aprovacao (?:foi |esta )?(?:registrad|confirmad)\w+",
        r"\borcamento (?:foi )?aprovado com sucesso",
        r"\b(?:aprovacao|recusa|autorizacao|cancelamento|agendamento|remarcacao) (?:ja )?"
        r"(?:registrad|confirmad|realizad|feit|efetuad|concluid)\w+",
        r"\bregistr(?:ei|amos) (?:a |o |sua |seu )*"
        r"(?:aprovac|autorizac|recusa|decis|visita|agendam|reserva|pagam|cancel)\w+",
        r"\b(?:servicos?|itens|pecas?|tudo) (?:ja )?(?:esta |foi |fica )?autorizad\w+",
        rf"{BARE}(?:[a-z]+, )?(?:aprovad|autorizad|confirmad|agendad|marcad|reservad|cancelad)[oa]s?(?=\s*[!.,]|\s*$)",
        rf"{BARE}fechado(?=\s*[!.,]|\s*$)",
        r"\b(?:confirmamos|agendamos|marcamos|reservamos|aprovamos|cancelamos|autorizamos) (?:a|o|sua|seu)\b",
    ),
    Promise.PAID: (
        r"\bquitad[oa]s?\b",
        r"\b(?:tudo|ja esta|esta tudo) pago\b",
        r"\b(?:tod[oa]|tudo|totalmente|integralmente|completamente) pag[oa]s?\b",
        r"\bnao (?:precisa|falta|resta|deve)(?: mais)?(?: pagar)?(?: mais)? nada\b",
        r"\bnada (?:em aberto|a pagar|pendente)\b",
        r"\bsem (?:nenhum )?(?:saldo|debito|pendencias?|valor em aberto)\b",
    ),
}
_COMPILED = {promise: re.compile("|".join(alternatives)) for promise, alternatives in PATTERNS.items()}
BOOKED = re.compile(
    r"^(?:agendamento|horario|visita|reserva)\b.*\b(?:agendad|marcad|reservad|confirmad)|\b(?:agendad|marcad|reservad)\w+$"
)
"""Says that a visit is booked, which a confirmed visit of the record may say."""
CONDITION = re.compile(
    r"\b(?:assim que|quando|se|caso|logo que|depois que|antes que|que dia|que horas|data (?:em|de) que)"
    r"(?: \w+){0,5}\s*$"
)
REFUSAL = re.compile(
    r"\b(?:nao|nem|sem poder)(?: \w+){0,4}\s*$"
    r"|\b(?:sobre|quanto a|pedido de|falar de|tratar de|tratar|negociar|avaliar|discutir|combinar|consultar|assunto"
    r"|questao de|duvidas? de)(?: \w+){0,2}\s*$"
)
"""A favour is named to be refused, or to be left to somebody who may grant it."""
OF_SEVERAL = re.compile(r"\b(?:o|a|item|servico|opcao|peca) (?:\w+ ){0,1}$")
IS = re.compile(r"^(?: del[ea]s| d[oa]s \w+)? (?:e|fica|custa|sai)\b")
""" "O item mais barato é o alinhamento": of those that are listed."""
REFUSED_AFTER = re.compile(r"^,?\s*(?:eu |a gente |isso |infelizmente )*(?:nao\b|(?:e|fica|so) com\b|quem\b)")
LAPSED = re.compile(r"fora|passou|acabou|venceu|expirou|terminou")
COVERED = re.compile(r"esta|continua|dentro|ainda|vale|ativa|em dia")
DECIDES_COVER = re.compile(r"cobre|cobert|inclui")
"""That the rule still runs is a date; that it covers a repair, only a person may say."""
OWED = re.compile(r"balance|due|aberto|saldo")
IN_PART = re.compile(r" (?:pela metade|em parte|parcialmente|so uma parte)\b")
HEDGE = re.compile(
    r"\bprevi?s\w*|\bprevist[oa]s?|\bprev(?:e|emos)\b|\bdev(?:e|em|eria|eriam|era)\b|\bestima\w*|\bexpect\w*|\bshould\b|\bestimated?\b"
    r"|\bse (?:tudo|nada|der|nao|houver|mudar)\b|\bprovave\w*|\ba ideia e\b|\besperamos\b|\bpode mudar\b"
    r"|\bdeberia\b|\bforecast\b"
)
CONFIRMED = re.compile(r"^(?:ja )?(?:(?:esta|ficou|foi) )?confirmad")
NO_VISIT = re.compile(r"\b(?:pag\w+|orcamento|aprovacao|recusa|pix|pecas?|entrega|retirada|garantia)\b")
NOT_CERTAIN = re.compile(r"\b(?:nao|nem)(?: (?:e|esta|estao|ha|tem|te|lhe|podemos|posso|consigo|da))?\s*$")
NOT_YET = re.compile(r"\b(?:nao|ainda nao|nem)(?: \w+){0,3}\s*$")


@dataclass(frozen=True)
class PromiseClaim(Claim):
    """Words that bind the shop."""

    kind: ClassVar[Kind] = Kind.PROMISE
    promise: Promise
    stem: str

    @property
    def key(self) -> Hashable:
        return self.promise

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if self.promise is Promise.READY:
            return self._hedged(setting) and any(
                moment.is_forecast and not moment.is_about_parts for moment in evidence.moments
            )
        if self.promise is Promise.ARRIVAL:
            return any(moment.is_forecast and moment.is_about_parts for moment in evidence.moments)
        if self.promise is Promise.DONE and (
            BOOKED.search(plain(self.fragment))
            or (CONFIRMED.search(plain(self.fragment)) and not NO_VISIT.search(setting.sentence))
        ):
            return {BOOKED_FIELD, "confirmed"} <= evidence.fields
        if self.promise is Promise.PAID:
            return any(amount.path and OWED.search(amount.path[-1]) and not amount.value for amount in evidence.amounts)
        if self.promise is Promise.WARRANTY and self._warranty_holds(evidence, setting):
            return True
        if self.stem.startswith("parcel") and evidence.shop and evidence.instalments:
            return True
        return evidence.shop and any(self.stem in text for text in evidence.texts)

    def _hedged(self, setting: Setting) -> bool:
        """Whether the forecast is told as one, here or in the sentence after."""
        return bool(HEDGE.search(f"{setting.sentence} {setting.following}"))

    def _warranty_holds(self, evidence: Evidence, setting: Setting) -> bool:
        """Whether a visit is under warranty, or no longer, or there is a warranty at all, as its record says."""
        of_lines = last_named(f"{setting.before} {plain(self.fragment)}", evidence.warranties)
        if of_lines and not DECIDES_COVER.search(plain(self.fragment)):
            return any(line.runs is not self.says_lapsed for line in of_lines)
        if self.says_lapsed:
            return "warranty_until" in evidence.fields and "under_warranty" not in evidence.fields
        if DECIDES_COVER.search(plain(self.fragment)):
            return False
        if COVERED.search(plain(self.fragment)):
            return "under_warranty" in evidence.fields
        return "warranty_days" in evidence.fields or "under_warranty" in evidence.fields

    @property
    def says_lapsed(self) -> bool:
        """Whether it says that a warranty is over."""
        return bool(LAPSED.search(plain(self.fragment)))

    def neutral(self, setting: Setting) -> bool:
        if self.promise is Promise.CERTAIN:
            return bool(NOT_CERTAIN.search(setting.before))
        if self.promise in (Promise.READY, Promise.ARRIVAL, Promise.ARRIVED):
            return bool(CONDITION.search(setting.before) or NOT_YET.search(setting.before))
        if self.promise is Promise.PAID and IN_PART.match(setting.after):
            return True
        if self.promise is Promise.PAID and plain(self.fragment).startswith(("nada", "nao")):
            return setting.asks
        if self.promise in (Promise.WARRANTY, Promise.DONE, Promise.PAID):
            return setting.asks or bool(CONDITION.search(setting.before) or REFUSAL.search(setting.before))
        if self.stem == "mais b" and OF_SEVERAL.search(setting.before) and IS.search(setting.after):
            return True
        refused = REFUSAL.search(setting.before) or REFUSED_AFTER.search(setting.after)
        return bool(refused)


def find(reading: Reading) -> Iterator[PromiseClaim]:
    """Every promise in `reading`."""
    for promise, pattern in _COMPILED.items():
        for match in pattern.finditer(reading.plain):
            fragment = reading.text[match.start() : match.end()]
            yield PromiseClaim(match.start(), match.end(), fragment, promise, match.group()[:6].strip())
