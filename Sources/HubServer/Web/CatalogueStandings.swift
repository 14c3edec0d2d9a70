import HubCore
import MirrorGateway
import Policies
import WebPages

/// How mirrored repositories stand where the catalogue cannot tell it: policy keeps them back, scans found something in
/// them, or a job is bringing them. Kept between lists, and brought up to date by what changed since.
///
/// Counts are made for nobody in particular; where a policy asks who reads, the rows of a list say how it is for its reader.
actor CatalogueStandings {
    private let gateway: Gateway
    private var policy: String?
    private var version: Int64 = -1
    private var findings: Int64 = -1
    private var approvals = -1
    /// Of repositories that are kept back as a whole, or of which nothing may be seen.
    private var whole: [Int64: CatalogueStanding] = [:]
    /// Of repositories with files that are kept back.
    private var quarantined: Set<Int64> = []
    private var updating: Task<Void, any Error>?

    /// How long a list waits for what is not known yet: it is shown without it then, and the next one has it.
    private static let patience = Duration.milliseconds(150)
    private static let batch = 500

    init(_ gateway: Gateway) { self.gateway = gateway }

    /// As much as is known soon.
    nonisolated func known() async -> [Int64: CatalogueStanding] {
        guard gateway.browser != nil else { return [:] }
        _ = await within(Self.patience) { try await self.update() }
        return await standings()
    }

    private func standings() async -> [Int64: CatalogueStanding] {
        var standings = whole
        for key in quarantined where standings[key] != .blocked { standings[key] = .quarantined }
        let syncing = (try? await gateway.hub.catalogue.beingSynced()) ?? []
        for key in syncing where standings[key] != .blocked && standings[key] != .quarantined {
            standings[key] = .syncing
        }
        return standings
    }

    /// Takes in what changed. Who comes meanwhile waits for the same work, which goes on when nobody waits any more.
    func update() async throws {
        if let updating { return try await updating.value }
        let task = Task { try await self.read() }
        updating = task
        defer { updating = nil }
        try await task.value
    }

    private func read() async throws {
        let current = gateway.policies?.current.digest
        let newest = try await gateway.hub.scans.newestFinding()
        let isRenewed = current != policy
        let changes = try await gateway.hub.localCatalogue.mirrors(changedAfter: isRenewed ? -1 : version)
        var fresh: [Int64: CatalogueStanding] = isRenewed ? [:] : whole
        for start in stride(from: 0, to: changes.keys.count, by: Self.batch) {
            let keys = Array(changes.keys[start...].prefix(Self.batch))
            let entries = try await gateway.hub.catalogue.entries(ofRepositories: keys)
            for key in keys { fresh[key] = entries[key].flatMap(standing) }
        }
        let held = gateway.approvals.generation
        if isRenewed || newest != findings || held != approvals || !changes.keys.isEmpty {
            let unclean = try await gateway.hub.scans.unclean()
            let entries = try await gateway.hub.catalogue.entries(ofRepositories: Array(unclean.keys))
            let judged = try await gateway.judgements(of: entries, unclean: unclean, user: nil)
            quarantined = Set(judged.filter { $0.value.file?.isAllowed == false }.keys)
        }
        (policy, version, findings, approvals, whole) = (current, changes.version, newest, held, fresh)
    }

    private func standing(_ entry: RemoteEntry) -> CatalogueStanding? {
        switch MirrorState.kept(gateway.browser?.decision(on: entry, user: nil), nil)?.state {
        case .blocked: return .blocked
        case .quarantined: return .quarantined
        default: break
        }
        // Commits that were fetched only to be judged are nothing that is here.
        guard let local = entry.local, local.hasContent, local.head == nil else { return nil }
        return .known
    }
}
