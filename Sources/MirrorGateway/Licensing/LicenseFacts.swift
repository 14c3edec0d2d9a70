import HubCore
import Policies

/// Tells decisions which licences hold for what is asked for, its texts and ancestors considered.
struct LicenseFacts: FactSource {
    let licensing: Licensing

    var generation: Int { licensing.generation }

    func add(
        to facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws {
        guard let commit = request.commit else { return }
        if let known = licensing.remembered(request.repository, commit) {
            facts.licenseConclusion = known
            return
        }
        // The closure must not outlive this call, and does not: it is read before anything else is looked at.
        let read = try await contents()
        facts.licenseConclusion = try await licensing.conclusion(of: request.repository, commit: commit) { read }
    }
}
