"""The shop's tables where they are missing, our columns on them, and the normal forms of phones and plates.

Runs on the shop's existing database as well as on an empty one: tables and columns are added when absent, NOT NULLs
that an imported customer without a login cannot meet are relaxed, and nothing is dropped or renamed.
"""

from alembic import op

revision = "2026_11_23_2100"
down_revision = None
branch_labels = None
depends_on = None

NORMAL_PHONE = r"""
CREATE OR REPLACE FUNCTION normal_phone(typed text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    digits text := regexp_replace(coalesce(typed, ''), '[^0-9]', '', 'g');
    national text := digits;
BEGIN
    IF substring(typed from '[+0-9]') = '+' AND digits NOT LIKE '55%' THEN
        RETURN CASE WHEN length(digits) BETWEEN 8 AND 15 THEN digits END;
    END IF;
    IF length(national) IN (12, 13) AND national LIKE '55%' THEN
        national := substr(national, 3);
    END IF;
    IF length(national) IN (11, 12) AND national LIKE '0%' THEN
        national := substr(national, 2);
    END IF;
    IF national LIKE '0%'
        OR NOT (length(national) = 10 OR (length(national) = 11 AND substr(national, 3, 1) = '9')) THEN
        RETURN CASE WHEN length(digits) BETWEEN 12 AND 15 THEN digits END;
    END IF;
    IF length(national) = 10 AND substr(national, 3, 1) IN ('6', '7', '8', '9') THEN
        national := substr(national, 1, 2) || '9' || substr(national, 3);
    END IF;
    RETURN '55' || national;
END $$
"""

NORMAL_PLATE = r"""
CREATE OR REPLACE FUNCTION normal_plate(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN plate ~ '^[A-Z]{3}[0-9]{4}$'
            THEN substr(plate, 1, 4) || translate(substr(plate, 5, 1), '0123456789', 'ABCDEFGHIJ') || substr(plate, 6)
        WHEN plate ~ '^[A-Z]{3}[0-9][A-Z0-9][0-9]{2}$' THEN plate
    END
    FROM (SELECT upper(regexp_replace(coalesce(typed, ''), '[^A-Za-z0-9]', '', 'g') COLLATE "C") AS plate) AS cleaned
$$
"""

MOMENT = "timestamptz NOT NULL DEFAULT now()"

COLUMNS: dict[str, tuple[str, ...]] = {
    "companies": ("nome text NOT NULL", "telefone text", "endereco text", f"created_at {MOMENT}"),
    "oficina_config": (
        "nome text",
        "telefone text",
        "whatsapp text",
        "horario_entrada time",
        "horario_saida_semana time",
        "horario_saida_sabado time",
        "horario_almoco_inicio time",
        "horario_almoco_fim time",
        f"created_at {MOMENT}",
    ),
    "services": ("name text NOT NULL", "description text", "is_active boolean NOT NULL DEFAULT true"),
    "workflow_etapas": ("nome text NOT NULL", "ordem integer"),
    "mechanics": ("name text",),
    "profiles": (
        "user_id uuid CONSTRAINT uq_profiles_user_id UNIQUE",
        "full_name text",
        "phone text",
        "cpf text",
        "email text",
        "birthday date",
        "address text",
        "city text",
        "state text",
        "zip_code text",
        "company_id uuid REFERENCES companies (id)",
        "tags text[]",
        "internal_notes text",
        "is_active boolean DEFAULT true",
        "last_visit_date timestamptz",
        "total_spent numeric(12,2)",
        "total_visits integer",
        "origem_cadastro text",
        "referral_source text",
        "origem_kommo boolean DEFAULT false",
        "kommo_lead_id bigint",
        "data_importacao timestamptz",
        f"created_at {MOMENT}",
        f"updated_at {MOMENT}",
    ),
    "vehicles": (
        "user_id uuid",
        "customer_id uuid REFERENCES profiles (id)",
        "brand text",
        "model text NOT NULL",
        "versao text",
        "plate text NOT NULL",
        "year text",
        "color text",
        "combustivel text",
        "km_atual integer",
        "chassi text",
        "renavam text",
        "is_active boolean DEFAULT true",
        "last_service_date timestamptz",
        "next_service_km integer",
        f"created_at {MOMENT}",
        f"updated_at {MOMENT}",
    ),
    "appointments": (
        "user_id uuid",
        "vehicle_id uuid REFERENCES vehicles (id)",
        "appointment_date date",
        "appointment_time time",
        "status text DEFAULT 'pendente'",
        "notes text",
        f"created_at {MOMENT}",
    ),
    "ordens_servico": (
        "numero_os text NOT NULL",
        "customer_id uuid REFERENCES profiles (id)",
        "vehicle_id uuid REFERENCES vehicles (id)",
        "user_id uuid",
        "company_id uuid REFERENCES companies (id)",
        "appointment_id uuid",
        "mechanic_id uuid",
        "plate text",
        "vehicle text",
        "client_name text",
        "client_phone text",
        "status text DEFAULT 'orcamento'",
        "posicao_patio text",
        "data_entrada timestamptz",
        "data_orcamento timestamptz",
        "data_aprovacao timestamptz",
        "data_conclusao timestamptz",
        "data_entrega timestamptz",
        "data_previsao_entrega timestamptz",
        "valor_orcado numeric(12,2)",
        "valor_aprovado numeric(12,2)",
        "valor_final numeric(12,2)",
        "descricao_problema text",
        "diagnostico text",
        "observacoes text",
        "motivo_recusa text",
        "prioridade text",
        "mecanico_responsavel text",
        "tempo_estimado_horas numeric",
        "km_atual text",
        "historico_movimentacao jsonb",
        "remarketing_status text",
        "remarketing_data_prevista date",
        f"created_at {MOMENT}",
        f"updated_at {MOMENT}",
    ),
    "ordens_servico_itens": (
        "ordem_servico_id uuid NOT NULL REFERENCES ordens_servico (id) ON DELETE CASCADE",
        "descricao text NOT NULL",
        "tipo text",
        "quantidade numeric(12,2) DEFAULT 1",
        "valor_unitario numeric(12,2)",
        "valor_total numeric(12,2)",
        "valor_custo numeric(12,2)",
        "margem_aplicada numeric(12,2)",
        "status text DEFAULT 'pendente'",
        "motivo_recusa text",
        "prioridade text",
        "data_retorno_estimada date",
        "previsao_chegada date",
        f"created_at {MOMENT}",
    ),
    "pagamentos": (
        "ordem_servico_id uuid NOT NULL REFERENCES ordens_servico (id)",
        "amount numeric(12,2) NOT NULL CONSTRAINT ck_pagamentos_amount_positive CHECK (amount > 0)",
        "method text NOT NULL CONSTRAINT ck_pagamentos_method_known "
        "CHECK (method IN ('pix', 'cartao', 'dinheiro', 'boleto'))",
        "instalments integer NOT NULL DEFAULT 1 CONSTRAINT ck_pagamentos_instalments_range "
        "CHECK (instalments BETWEEN 1 AND 36)",
        "paid_at timestamptz",
        f"created_at {MOMENT}",
    ),
}

RELAXED = (("profiles", "user_id"), ("vehicles", "user_id"))

INDEXES = (
    "ix_profiles_normal_phone ON profiles (normal_phone(phone))",
    "ix_vehicles_customer_id ON vehicles (customer_id)",
    "ix_vehicles_normal_plate ON vehicles (normal_plate(plate))",
    "ix_ordens_servico_customer_id ON ordens_servico (customer_id)",
    "ix_ordens_servico_vehicle_id ON ordens_servico (vehicle_id)",
    "ix_ordens_servico_numero_os ON ordens_servico (numero_os)",
    "ix_ordens_servico_normal_client_phone ON ordens_servico (normal_phone(client_phone))",
    "ix_ordens_servico_itens_ordem_servico_id ON ordens_servico_itens (ordem_servico_id)",
    "ix_pagamentos_ordem_servico_id ON pagamentos (ordem_servico_id)",
)

LINK_VEHICLES = """
UPDATE vehicles SET customer_id = profiles.id
FROM profiles WHERE vehicles.customer_id IS NULL AND vehicles.user_id = profiles.user_id
"""

LINK_ORDERS = """
UPDATE ordens_servico SET customer_id = owner.id
FROM (
    SELECT normal_phone(phone) AS phone, min(id::text)::uuid AS id
    FROM profiles WHERE normal_phone(phone) IS NOT NULL GROUP BY 1 HAVING count(*) = 1
) AS owner
WHERE ordens_servico.customer_id IS NULL AND normal_phone(ordens_servico.client_phone) = owner.phone
"""

LINK_ORDER_VEHICLES = """
UPDATE ordens_servico SET vehicle_id = vehicles.id
FROM vehicles
WHERE ordens_servico.vehicle_id IS NULL AND vehicles.customer_id = ordens_servico.customer_id
  AND normal_plate(vehicles.plate) = normal_plate(ordens_servico.plate)
"""


def upgrade() -> None:
    """Add what is missing, then link old orders to customers and vehicles by normal phone and plate."""
    op.execute(NORMAL_PHONE)
    op.execute(NORMAL_PLATE)
    for table, columns in COLUMNS.items():
        op.execute(f"CREATE TABLE IF NOT EXISTS {table} (id uuid DEFAULT gen_random_uuid() PRIMARY KEY)")
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")
    for table, column in RELAXED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
    for index in INDEXES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {index}")
    for link in (LINK_VEHICLES, LINK_ORDERS, LINK_ORDER_VEHICLES):
        op.execute(link)


def downgrade() -> None:
    """Not offered: restore from a backup instead."""
    raise NotImplementedError
