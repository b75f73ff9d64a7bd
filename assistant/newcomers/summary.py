"""The five lines a consultant reads about a new customer. For staff only: the customer's own words are quoted here."""

from collections.abc import Mapping

from assistant.newcomers.facts import Fact, JobSize, Lead, Question, Warmth

SIZES: Mapping[JobSize, str] = {
    JobSize.QUICK: "rápido (até 2 h)",
    JobSize.MEDIUM: "médio (2 a 8 h)",
    JobSize.PROJECT: "projeto (mais de 8 h)",
}
WARMTHS: Mapping[Warmth, str] = {Warmth.HOT: "quente", Warmth.WARM: "morno", Warmth.COLD: "frio"}
MISSING: Mapping[Question, str] = {
    Question.NAME: "nome",
    Question.CAR: "carro",
    Question.SYMPTOM: "problema",
    Question.URGENCY: "urgência",
    Question.ORIGIN: "origem",
}


def five_lines(lead: Lead, contact: str | None, *, price_asked: bool) -> str:
    """Who, car, wish, urgency and origin, class and warmth with what is still missing."""
    told, facts = lead.facts.get(Fact.NAME), lead.facts
    name = told or contact or "nome não informado"
    missing = ", ".join(MISSING[question] for question in Question if not lead.knows(question))
    size = f"serviço {SIZES[lead.size]}" if lead.size else "serviço a definir"
    warmth = f", lead {WARMTHS[lead.warmth]}" if lead.warmth else ""
    price = "Pediu preço: quem passa é o consultor. " if price_asked else ""
    return "\n".join(
        (
            f"Cliente novo: {name} (número sem cadastro) quer orçamento",
            f"Carro: {lead.car or 'não informado'}",
            f'Relato: "{facts[Fact.SYMPTOM]}"' if Fact.SYMPTOM in facts else "Relato: ainda não contou",
            f"Urgência: {facts.get(Fact.URGENCY, 'não disse')}; conheceu por: {facts.get(Fact.ORIGIN, 'não disse')}",
            f"{price}Classificação: {size}{warmth}{f'. Falta saber: {missing}' if missing else ''}.",
        )
    )
