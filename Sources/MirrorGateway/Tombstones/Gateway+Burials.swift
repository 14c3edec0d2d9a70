package import HubCore

extension Gateway {
    /// Buries something; of bytes that are here and may lie in git too, their name there is found out first.
    package func bury(_ target: TombstoneTarget, reason: String, by principal: Principal) async throws -> Tombstone {
        try await hub.bury(target, reason: reason, by: principal)
    }

    /// What is touched when something is found to be bad.
    package var blastRadius: BlastRadiusFinder { BlastRadiusFinder(hub: hub) }
}
