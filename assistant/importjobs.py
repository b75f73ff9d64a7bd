"""The worker's jobs of the import, each a thin door to the module that does the work."""

from dataclasses import dataclass
from datetime import UTC, datetime

from campaigns.timetable import NIGHT_JOB
from integrations.database import Sessions, transaction
from integrations.jobs import JobRunner, Payload
from integrations.kommo.client import KommoClient
from integrations.kommo.importer.automatic import AUTO_JOB, import_automatically
from integrations.kommo.importer.batches import BATCH_JOB, run_batch
from integrations.kommo.importer.leadwrites import LEAD_WRITE_JOB, send_lead_write
from integrations.kommo.importer.runs import RUN_JOB, Source, run_import, start_run
from integrations.kommo.importer.watch import LEAD_JOB, look_at_lead
from integrations.settings import Settings


@dataclass(frozen=True)
class ImportJobs:
    """The handlers; `client` makes its calls behind everything that a customer waits for."""

    settings: Settings
    sessions: Sessions
    client: KommoClient

    def register(self, runner: JobRunner) -> None:
        """Bind every job name to its handler."""
        runner.register(RUN_JOB, self.run, concurrency=1)
        runner.register(BATCH_JOB, self.batch, concurrency=1)
        runner.register(NIGHT_JOB, self.night, concurrency=1)
        runner.register(LEAD_JOB, self.lead, concurrency=2)
        runner.register(LEAD_WRITE_JOB, self.lead_write, concurrency=2)
        runner.register(AUTO_JOB, self.automatic, concurrency=1)

    async def run(self, payload: Payload) -> None:
        await run_import(self.sessions, self.client, payload["run"])

    async def batch(self, payload: Payload) -> None:
        await run_batch(self.sessions, payload["batch"], self.settings.service_url)

    async def night(self, payload: Payload) -> None:
        async with transaction(self.sessions) as session:
            await start_run(session, Source.NIGHT)

    async def lead(self, payload: Payload) -> None:
        await look_at_lead(self.sessions, self.client, payload["lead"], datetime.now(UTC))

    async def lead_write(self, payload: Payload) -> None:
        await send_lead_write(self.sessions, self.client, payload["write"])

    async def automatic(self, payload: Payload) -> None:
        await import_automatically(self.sessions, self.settings.service_url, datetime.now(UTC))
