package import HubCore
package import Policies

/// Adds what it knows to the facts by which content of a mirror is judged.
///
/// It is asked before each answer: what it finds out has to be remembered, and only looked up here.
package protocol FactSource: Sendable {
    /// Changes whenever an answer given before may no longer hold. What passed is remembered under it.
    var generation: Int { get }

    /// - Parameters:
    ///   - facts: with everything that the commit says; `file` is nil for a question about a whole repository.
    ///   - contents: reads the commit; throws where it is not stored.
    func add(
        to facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws

    /// Has done what is still to be found out, for content that is held back by nothing else, and adds it anew. It waits
    /// for a bounded time; what is not known then stays pending.
    /// - Throws: `HubError` where it can never be found out.
    func settle(
        _ facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws
}

extension FactSource {
    package func settle(
        _ facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws {}
}
