import HubCore

/// What a bundle says of itself, and whether anybody here trusts who says so.
package struct BundleInspection: Encodable, Sendable {
    package struct Repository: Encodable, Sendable {
        package let repository: String
        package let commit: String
        package let refs: [String]
        package let files: Int
        package let license: [String]
        package let verdict: String
    }

    package let bundleId: String
    package let seq: Int64
    package let signedBy: [String]
    package let trusted: Bool
    package let recipient: String?
    package let createdAt: String
    package let expiresAt: String?
    package let base: [String]
    package let repositories: [Repository]
    package let blobs: Int
    package let bytes: Int64
    package let required: Int
    package let parts: Int
    /// Parts that are missing or damaged.
    package let faults: [String]

    package init(_ archive: BundleArchive, trust: BundleTrust) {
        let predicate = archive.statement.predicate
        bundleId = predicate.bundleId
        seq = predicate.seq
        signedBy = archive.envelope.signatures.map(\.keyID.onOneLine)
        trusted = trust.signer(of: archive.envelope) != nil
        recipient = predicate.recipient?.onOneLine
        createdAt = predicate.createdAt.onOneLine
        expiresAt = predicate.expiresAt?.onOneLine
        base = predicate.base.map(\.onOneLine)
        repositories = predicate.repos.map { repo in
            let first = repo.refs.first { $0.commit == repo.commit }
            return Repository(
                repository: "\(repo.kind):\(repo.id)".onOneLine, commit: repo.commit.onOneLine,
                refs: repo.refs.map(\.name.onOneLine), files: first?.files.count ?? 0,
                license: first?.license.map(\.onOneLine) ?? [], verdict: first?.verdict.onOneLine ?? "")
        }
        blobs = predicate.contains.count
        bytes = archive.layout.length
        required = predicate.requires.count
        parts = predicate.parts.count
        faults = archive.faults.map { fault in
            fault.path.map { "part \(fault.part) is damaged: \($0)" } ?? "part \(fault.part) is not here"
        }
    }

    /// For people on a terminal.
    package var lines: [String] {
        var lines = [
            "bundle \(bundleId) number \(seq)",
            "signed by \(signedBy.joined(separator: ", ")) (\(trusted ? "trusted here" : "not trusted here"))",
            "made \(createdAt), \(expiresAt.map { "taken until \($0)" } ?? "without an end")",
            "for \(recipient ?? "any site")",
        ]
        for id in base { lines.append("builds on \(id)") }
        for one in repositories {
            lines.append("\(one.repository) \(one.commit) \(one.files) files, \(one.refs.count) refs, \(one.verdict)")
        }
        lines.append("\(blobs) blobs, \(bytes) bytes, \(required) known to the reader, \(parts) parts")
        return lines + faults
    }
}
