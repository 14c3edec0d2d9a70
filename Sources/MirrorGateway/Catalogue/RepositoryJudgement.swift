package import HubCore
package import Policies

/// What policy says of a repository that is here, as far as lists can know: of what its upstream told of it, and of what
/// scans found in its files. Nothing is scanned, read or fetched for it.
package struct RepositoryJudgement: Sendable {
    /// Of the repository as a whole.
    package let whole: Decision
    /// Of the file that is kept back the most by what scans found; nil where none is.
    package let file: Decision?
}

extension Gateway {
    /// Files of one repository that are judged for a list.
    private static let judgedFiles = 20

    /// How policy stands to repositories that are here, by their keys; those whose mirror no policy file has any more are
    /// absent.
    /// - Parameters:
    ///   - entries: by the keys of what is here.
    ///   - unclean: what scans found, where it was looked up already.
    ///   - user: for whom, by name.
    package func judgements(
        of entries: [Int64: RemoteEntry], unclean: [Int64: RepositoryScanRecords]? = nil, user: String?
    ) async throws -> [Int64: RepositoryJudgement] {
        guard let browser, !entries.isEmpty else { return [:] }
        let unclean = if let unclean { unclean } else { try await hub.scans.unclean() }
        var judgements: [Int64: RepositoryJudgement] = [:]
        for (key, entry) in entries {
            guard let whole = browser.decision(on: entry, user: user) else { continue }
            var file: Decision?
            if let records = unclean[key], let local = entry.local {
                file = try await worst(of: records, entry, local, user)
            }
            judgements[key] = RepositoryJudgement(whole: whole, file: file)
        }
        return judgements
    }

    private func worst(
        of records: RepositoryScanRecords, _ entry: RemoteEntry, _ local: LocalCopy, _ user: String?
    ) async throws -> Decision? {
        var found: [(path: String, size: Int64?, findings: [ScanFinding])] = []
        if let revision = records.revision.flatMap(RevisionFindings.init) {
            found += revision.files.map { ($0.key, nil, $0.value.findings + revision.whole(about: $0.key)) }
        }
        for object in records.objects {
            let scans = BlobScans(object.record.digest, [object.record])
            found.append((object.path, object.record.size, scans.findings(under: object.path)))
        }
        found.sort {
            $0.findings.worst != $1.findings.worst ? $0.findings.worst > $1.findings.worst : $0.path < $1.path
        }
        var worst: Decision?
        for (path, size, findings) in found.prefix(Self.judgedFiles) {
            var facts = Facts(of: entry, user: user)
            facts.file = path.isEmpty ? nil : path
            facts.fileSize = size
            facts.scan = ScanFacts(state: .done, verdict: findings.worst, findings: findings.worstFirst)
            facts.approvals = try await approvals.facts(
                of: local.repository, commit: local.head, scope: .file(path: path, size: size ?? 0))
            guard let decision = browser?.decision(on: entry, facts), decision.outcome > worst?.outcome ?? .allow else {
                continue
            }
            worst = decision
        }
        return worst
    }
}
