"""The shop's tables, with the names and columns Doctor Auto Prime gives them.

The shop's own application keeps writing them, so columns hold free text typed by people (`phone`, `plate`,
`client_phone`): compare normal forms only (`integrations/contact.py` and the SQL functions `normal_phone`,
`normal_plate` that agree with it). Added by us, all nullable: `customer_id` and `vehicle_id` links, the Kommo
origin columns, `previsao_chegada` of an item, whose an appointment is, and the table `pagamentos`. `valor_custo` and
`margem_aplicada` exist in the shop's items table and are deliberately not mapped: no query a tool can reach may select
them.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import MONEY, Base

NEW_UUID = text("gen_random_uuid()")
NOW = text("now()")


class Company(Base):
    """A unit of the shop (`companies`)."""

    __tablename__ = "companies"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    nome: Mapped[str] = mapped_column(Text)
    telefone: Mapped[str | None] = mapped_column(Text)
    endereco: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ShopConfig(Base):
    """The shop's profile and opening hours (`oficina_config`); one row is expected, the oldest counts."""

    __tablename__ = "oficina_config"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    nome: Mapped[str | None] = mapped_column(Text)
    telefone: Mapped[str | None] = mapped_column(Text)
    whatsapp: Mapped[str | None] = mapped_column(Text)
    horario_entrada: Mapped[time | None]
    horario_saida_semana: Mapped[time | None]
    horario_saida_sabado: Mapped[time | None]
    horario_almoco_inicio: Mapped[time | None]
    horario_almoco_fim: Mapped[time | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Service(Base):
    """A service the shop offers (`services`)."""

    __tablename__ = "services"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class Customer(Base):
    """A customer (`profiles`). `user_id` is NULL for one who came through Kommo and has no login."""

    __tablename__ = "profiles"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    user_id: Mapped[UUID | None] = mapped_column(unique=True)
    full_name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    cpf: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    birthday: Mapped[date | None]
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id"))
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    internal_notes: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool | None] = mapped_column(server_default=text("true"))
    last_visit_date: Mapped[datetime | None]
    origem_cadastro: Mapped[str | None] = mapped_column(Text)
    origem_kommo: Mapped[bool | None] = mapped_column(server_default=text("false"))
    kommo_lead_id: Mapped[int | None] = mapped_column(BigInteger)
    data_importacao: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


Index("ix_profiles_normal_phone", func.normal_phone(Customer.phone), Customer.id)
Index("ix_profiles_normal_document", func.normal_document(Customer.cpf), Customer.id)
Index("ix_profiles_normal_email", func.normal_email(Customer.email), Customer.id)
Index("ix_profiles_name_ends", func.name_ends(Customer.full_name), Customer.id)
Index("ix_profiles_name_start", func.name_start(Customer.full_name), Customer.id)
Index("ix_profiles_name_key", func.name_key(Customer.full_name))


class Vehicle(Base):
    """A vehicle (`vehicles`). Belongs to the profile with the same `user_id`, or to `customer_id`."""

    __tablename__ = "vehicles"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("profiles.id"), index=True)
    brand: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    versao: Mapped[str | None] = mapped_column(Text)
    plate: Mapped[str] = mapped_column(Text)
    year: Mapped[str | None] = mapped_column(Text)
    color: Mapped[str | None] = mapped_column(Text)
    km_atual: Mapped[int | None]
    is_active: Mapped[bool | None] = mapped_column(server_default=text("true"))
    last_service_date: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


Index("ix_vehicles_normal_plate", func.normal_plate(Vehicle.plate), Vehicle.id)


class Order(Base):
    """A service order, OS (`ordens_servico`).

    The shop's application stores plate, vehicle, name and phone as plain text; `customer_id` and `vehicle_id` are
    our nullable links. Status and yard position are free text there too: `integrations/workshop/stages.py` reads them.
    """

    __tablename__ = "ordens_servico"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    numero_os: Mapped[str] = mapped_column(Text, index=True)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("profiles.id"), index=True)
    vehicle_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicles.id"), index=True)
    user_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id"))
    appointment_id: Mapped[UUID | None]
    mechanic_id: Mapped[UUID | None]
    plate: Mapped[str | None] = mapped_column(Text)
    vehicle: Mapped[str | None] = mapped_column(Text)
    client_name: Mapped[str | None] = mapped_column(Text)
    client_phone: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text, server_default=text("'orcamento'"))
    posicao_patio: Mapped[str | None] = mapped_column(Text)
    data_entrada: Mapped[datetime | None]
    data_orcamento: Mapped[datetime | None]
    data_aprovacao: Mapped[datetime | None]
    data_conclusao: Mapped[datetime | None]
    data_entrega: Mapped[datetime | None]
    data_previsao_entrega: Mapped[datetime | None]
    valor_orcado: Mapped[Decimal | None] = mapped_column(MONEY)
    valor_aprovado: Mapped[Decimal | None] = mapped_column(MONEY)
    valor_final: Mapped[Decimal | None] = mapped_column(MONEY)
    descricao_problema: Mapped[str | None] = mapped_column(Text)
    diagnostico: Mapped[str | None] = mapped_column(Text)
    observacoes: Mapped[str | None] = mapped_column(Text)
    motivo_recusa: Mapped[str | None] = mapped_column(Text)
    prioridade: Mapped[str | None] = mapped_column(Text)
    km_atual: Mapped[str | None] = mapped_column(Text)
    historico_movimentacao: Mapped[Any | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


Index("ix_ordens_servico_normal_client_phone", func.normal_phone(Order.client_phone), Order.created_at, Order.id)
Index("ix_ordens_servico_normal_plate", func.normal_plate(Order.plate), Order.created_at, Order.id)
Index("ix_ordens_servico_client_name_key", func.name_key(Order.client_name))
Index("ix_ordens_servico_order_number", func.order_number(Order.numero_os))


class OrderItem(Base):
    """A line of an OS or its quote (`ordens_servico_itens`), without the shop's cost and margin columns."""

    __tablename__ = "ordens_servico_itens"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    ordem_servico_id: Mapped[UUID] = mapped_column(ForeignKey("ordens_servico.id", ondelete="CASCADE"), index=True)
    descricao: Mapped[str] = mapped_column(Text)
    tipo: Mapped[str | None] = mapped_column(Text)
    quantidade: Mapped[Decimal | None] = mapped_column(MONEY, server_default=text("1"))
    valor_unitario: Mapped[Decimal | None] = mapped_column(MONEY)
    valor_total: Mapped[Decimal | None] = mapped_column(MONEY)
    status: Mapped[str | None] = mapped_column(Text, server_default=text("'pendente'"))
    motivo_recusa: Mapped[str | None] = mapped_column(Text)
    prioridade: Mapped[str | None] = mapped_column(Text)
    data_retorno_estimada: Mapped[date | None]
    previsao_chegada: Mapped[date | None]
    """When an ordered part is expected (our addition)."""
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Payment(Base):
    """A payment received for an OS (`pagamentos`, our addition). `paid_at` is NULL while it is only expected."""

    __tablename__ = "pagamentos"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("method IN ('pix', 'cartao', 'dinheiro', 'boleto')", name="method_known"),
        CheckConstraint("instalments BETWEEN 1 AND 36", name="instalments_range"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    ordem_servico_id: Mapped[UUID] = mapped_column(ForeignKey("ordens_servico.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(MONEY)
    method: Mapped[str] = mapped_column(Text)
    instalments: Mapped[int] = mapped_column(server_default=text("1"))
    paid_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Appointment(Base):
    """A booked visit (`appointments`); `customer_id`, `conversation_id` and `contact_phone` are our additions.

    A visitor without a login has a `customer_id`; one who is no customer yet only the contact's phone in normal form.
    Day and time are the shop's.
    """

    __tablename__ = "appointments"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("profiles.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(BigInteger)
    """Where it was booked: a number only, conversations are another floor's."""
    contact_phone: Mapped[str | None] = mapped_column(Text)
    vehicle_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicles.id"))
    appointment_date: Mapped[date | None] = mapped_column(index=True)
    appointment_time: Mapped[time | None]
    status: Mapped[str | None] = mapped_column(Text, server_default=text("'pendente'"))
    notes: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
