import ArgumentParser

@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "A federated mirror and sync gateway for AI models and datasets, over a full hub.",
        discussion: """
            Exit codes: 0 done, 1 failed, 64 wrong usage, 65 stored data is corrupt, 66 not found, 77 refused by policy
            or permission, 78 wrong policy file or configuration.
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, UserCommand.self, OrganisationCommand.self, TokenCommand.self,
            ImportCommand.self, SampleCommand.self, PolicyCommand.self, ExplainCommand.self,
            SyncCommand.self, JobsCommand.self, CatalogueCommand.self, LimitsCommand.self,
            VerifyCommand.self, GarbageCommand.self, RepositoryCommand.self, QuotaCommand.self, GrantCommand.self,
            PinsCommand.self, PurgeCommand.self, IndexCommand.self, KeyCommand.self,
            AuditCommand.self, LicenseCommand.self, ScansCommand.self, ScanCommand.self, RecommendCommand.self,
            ProvenanceCommand.self, BundleCommand.self, ScrubCommand.self, LockCommand.self,
            ApprovalsCommand.self, TombstoneCommand.self, BlastCommand.self,
            DuckDBWorkerCommand.self,
            SSHKeysCommand.self, SSHSessionCommand.self,
        ])
}
