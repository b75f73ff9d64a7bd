"""What was spoken of before the messages that a responder sees: subjects, cars, decisions, hand-overs.

Pure, and made without a model. Amounts, dates and stages are never in it: they change, and have to be looked up again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SUBJECTS: Mapping[str, str] = {
    "status_os": "o andamento do carro",
    "previsao_entrega": "quando o carro fica pronto",
    "orcamento_detalhes": "o orçamento",
    "aprovar_orcamento": "aprovar um orçamento",
    "recusar_orcamento": "não fazer um orçamento",
    "historico": "serviços anteriores",
    "pagamento": "pagamento",
    "agendamento": "agendar um horário",
    "horario_endereco": "horário, endereço ou serviços da oficina",
    "garantia": "garantia",
    "falar_humano": "falar com uma pessoa",
    "opt_out": "não receber mensagens",
    "reclamacao": "uma reclamação",
    "novo_orcamento": "um orçamento novo",
}
"""What the customer wanted to know, by intent; small talk is not remembered."""
DECISIONS: Mapping[tuple[str, str], str] = {
    ("quote", "confirmed"): "confirmou o que foi proposto para um orçamento",
    ("quote", "declined"): "não confirmou o que foi proposto para um orçamento",
}
DECIDED = {"confirmed": "confirmou uma proposta", "declined": "recusou uma proposta"}
REASONS: Mapping[str, str] = {
    "asked_for_person": "pedido de falar com uma pessoa",
    "complaint": "reclamação",
    "quote_decision": "decisão sobre orçamento",
    "booking": "pedido de horário",
    "new_quote": "orçamento novo",
    "payment": "pagamento",
    "warranty": "garantia",
    "opt_out": "pedido sobre mensagens ou dados",
    "media": "foto, áudio ou arquivo",
    "not_understood": "dúvida que o assistente não resolveu",
    "abuse": "mensagem ofensiva ou suspeita",
    "language": "atendimento em outro idioma",
    "identity": "confirmação de cadastro",
}
MOST_CARS = 6


@dataclass(frozen=True)
class Digest:
    """Counts and names, in the order in which they came up."""

    subjects: Mapping[str, int] = field(default_factory=dict)
    """Intent → how often."""
    cars: Sequence[str] = ()
    """Cars as the customer or we named them, the last one last."""
    decisions: Sequence[str] = ()
    handoffs: Sequence[str] = ()
    """Reasons why a person was called."""
    staff_wrote: bool = False
    last_subject: str | None = None
    """The intent spoken of last."""

    def __bool__(self) -> bool:
        return bool(self.subjects or self.cars or self.decisions or self.handoffs or self.staff_wrote)

    def joined(self, later: "Digest") -> "Digest":
        """This one followed by a later one."""
        cars = [car for car in self.cars if car not in later.cars]
        return Digest(
            subjects=dict(Counter(self.subjects) + Counter(later.subjects)),
            cars=tuple([*cars, *later.cars][-MOST_CARS:]),
            decisions=tuple(dict.fromkeys([*self.decisions, *later.decisions])),
            handoffs=tuple(dict.fromkeys([*self.handoffs, *later.handoffs])),
            staff_wrote=self.staff_wrote or later.staff_wrote,
            last_subject=later.last_subject or self.last_subject,
        )

    def as_text(self) -> str:
        """In words, for the model and for staff."""
        asked = [
            f"{SUBJECTS[intent]}{f' ({count} vezes)' if count > 1 else ''}"
            for intent, count in self.subjects.items()
            if intent in SUBJECTS
        ]
        sentences = (
            f"O cliente falou de: {'; '.join(asked)}." if asked else "",
            f"Carros citados: {', '.join(self.cars)}." if self.cars else "",
            f"Decisões: {'; '.join(self.decisions)}." if self.decisions else "",
            f"Passado para a equipe: {'; '.join(REASONS.get(reason, reason) for reason in self.handoffs)}."
            if self.handoffs
            else "",
            "Uma pessoa da equipe também escreveu." if self.staff_wrote else "",
        )
        return " ".join(sentence for sentence in sentences if sentence)

    def as_json(self) -> dict[str, Any]:
        """For its row."""
        return {
            "subjects": dict(self.subjects),
            "cars": list(self.cars),
            "decisions": list(self.decisions),
            "handoffs": list(self.handoffs),
            "staff_wrote": self.staff_wrote,
            "last_subject": self.last_subject,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Digest":
        """From its row."""
        return cls(
            subjects={str(intent): int(count) for intent, count in stored.get("subjects", {}).items()},
            cars=tuple(map(str, stored.get("cars", ()))),
            decisions=tuple(map(str, stored.get("decisions", ()))),
            handoffs=tuple(map(str, stored.get("handoffs", ()))),
            staff_wrote=bool(stored.get("staff_wrote")),
            last_subject=stored.get("last_subject"),
        )


NOTHING = Digest()
"""Nothing was spoken of before."""
