import HubCore
import Policies

/// What accounts and organisations took from here, as recommendations count it: `user:alice`, `org:acme`.
struct PulledUsage: UsageSource {
    let pulls: PullStore
    let store: RepositoryStore

    func usage(since: Int64) async throws -> [Usage] {
        let names = try await store.namesByKey()
        var usage: [Usage] = []
        for count in try await pulls.counts(since: since) where count.accountID != 0 {
            guard let repository = names[count.repositoryKey] else { continue }
            usage.append(
                Usage(
                    user: "user:\(count.account.lowercased())", kind: repository.kind, path: repository.path,
                    at: count.lastAt))
        }
        let organisations = try await store.organisations.namesByID()
        for count in try await pulls.organisationCounts(since: since) {
            guard let repository = names[count.repositoryKey], let name = organisations[count.organisation] else {
                continue
            }
            usage.append(
                Usage(user: "org:\(name.lowercased())", kind: repository.kind, path: repository.path, at: count.lastAt))
        }
        return usage
    }
}
