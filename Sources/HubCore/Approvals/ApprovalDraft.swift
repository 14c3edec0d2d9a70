import Crypto

/// A request for a review, before it has a number.
package struct ApprovalDraft: Sendable {
    package let repository: RepositoryID
    package let mirror: String
    package let upstreamPath: String
    /// Nil where nothing was fetched.
    package let commit: CommitID?
    package let revision: String
    package let reasons: [Approval.Reason]
    package let evidence: JSONValue
    package let policyDigest: String
    package let isQuarantined: Bool
    /// Milliseconds after which an undecided request ends; nil for never.
    package let lifetime: Int64?

    package init(
        repository: RepositoryID, mirror: String, upstreamPath: String, commit: CommitID?, revision: String,
        reasons: [Approval.Reason], evidence: JSONValue, policyDigest: String, isQuarantined: Bool,
        lifetime: Int64? = nil
    ) {
        self.repository = repository
        self.mirror = mirror
        self.upstreamPath = upstreamPath
        self.commit = commit
        self.revision = revision
        self.reasons = reasons
        self.evidence = evidence
        self.policyDigest = policyDigest
        self.isQuarantined = isQuarantined
        self.lifetime = lifetime
    }

    /// What tells one set of reasons from another: requests with the same one about the same commit are one.
    package var reasonsDigest: String {
        var hash = SHA256()
        for key in Set(reasons.map(\.key)).sorted() { hash.update(data: Array("\(key.utf8.count):\(key),".utf8)) }
        return Hexadecimal.encode(hash.finalize())
    }
}
