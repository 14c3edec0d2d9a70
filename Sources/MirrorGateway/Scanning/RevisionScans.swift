package import HubCore
import Policies

/// Scans the files of commits that are in git itself: each commit once, each content once.
package final class RevisionScans: Sendable {
    private struct Place: Hashable, Sendable {
        let key: Int64
        let commit: CommitID
    }

    private let scanning: Scanning
    private let flights = SingleFlight<Place, RevisionFindings>()

    /// Larger ones do not belong into git, and are not known then.
    private static let largest = 256 << 20
    /// Objects that are looked at before what was found is written down.
    private static let batch = 200
    /// What is kept of one file: the worst.
    private static let keptOfFile = 8

    package init(scanning: Scanning) { self.scanning = scanning }

    /// What was found of a commit, by whichever version of the scanners looked last; nil before any did.
    package func known(_ commit: CommitID, of key: Int64) async throws -> RevisionFindings? {
        try await scanning.store.revision(commit, of: key).flatMap(RevisionFindings.init)
    }

    /// Looks at the files of a stored commit, unless that was done: shared by all who wait for it.
    /// - Parameter most: entries beyond which nothing is done.
    /// - Throws: `.payloadTooLarge` for a commit with more.
    package func scan(_ commit: CommitID, of key: Int64, atMost most: Int) async throws -> RevisionFindings {
        if try await scanning.store.revision(commit, of: key) == nil,
            try await scanning.hub.git.page(
                nil, commit: commit, in: key, recursive: true, offset: most, limit: 1)?.entries.isEmpty == false
        {
            throw HubError(.payloadTooLarge, "The commit \(commit) has more than \(most) entries.")
        }
        return try await scan(commit, of: key)
    }

    /// Looks at the files of a stored commit, unless that was done: shared by all who wait for it.
    package func scan(_ commit: CommitID, of key: Int64) async throws -> RevisionFindings {
        try await flights.run(Place(key: key, commit: commit)) { [self] in
            if let record = try await scanning.store.revision(commit, of: key),
                record.version == RevisionFindings.version, let known = RevisionFindings(record),
                scanning.clamd == nil || known.malwareVersion != nil
            {
                return known
            }
            return try await look(commit, of: key)
        }.value
    }

    /// Has a commit looked at anew.
    package func rescan(_ commit: CommitID, of key: Int64) async throws {
        try await scanning.store.forget(commit, of: key)
        scanning.noteChange()
        _ = try await scan(commit, of: key)
    }

    func shutDown() async { await flights.shutDown() }

    private func look(_ commit: CommitID, of key: Int64) async throws -> RevisionFindings {
        let entries = try await scanning.hub.git.list(nil, commit: commit, in: key, recursive: true) ?? []
        let files = entries.filter { $0.lfs == nil && ($0.kind == .file || $0.kind == .executable) }
        var found = RevisionFindings()
        var malware = scanning.clamd == nil ? nil : Malware()
        var start = files.startIndex
        while start < files.endIndex {
            try Task.checkCancellation()
            let end = min(files.endIndex, start + Self.batch)
            try await look(files[start..<end], of: key, &found, &malware)
            start = end
        }
        found.malwareVersion = malware?.isComplete == true ? malware?.version : nil
        found.whole = RevisionScanner().findings(in: try await paths(entries, of: key))
        if found.files.count > 2_000 {
            // Many files with something in them: what each has worst is enough.
            for path in found.files.keys { found.files[path]?.findings.removeSubrange(1...) }
        }
        let record = try found.record(commit, files: files.count, at: scanning.hub.clock.now())
        let isAnew = try await scanning.store.revision(commit, of: key) != nil
        try await scanning.store.note(record, of: key)
        if isAnew || found.verdict != .clean { scanning.noteChange() }
        return found
    }

    private struct Malware {
        var isComplete = true
        var version = ""
    }

    /// Looks at some files, and keeps what it found in each content.
    private func look(
        _ files: ArraySlice<TreeEntry>, of key: Int64, _ found: inout RevisionFindings, _ malware: inout Malware?
    ) async throws {
        let digests = try await scanning.store.digests(of: files.map(\.id))
        var known = try await scanning.reports(of: Array(Set(digests.values)))
        var objects: [(id: ObjectID, digest: BlobID, size: Int64)] = []
        var records: [ScanRecord] = []
        var fresh: [ObjectID: BlobID] = [:]
        for file in files {
            var digest = digests[file.id] ?? fresh[file.id]
            let isDone = digest.flatMap { known[$0] }.map { $0.isCurrent && scanning.isSettled($0) } ?? false
            if !isDone {
                do {
                    let bytes = try await scanning.hub.git.blob(file.id, in: key, limit: Self.largest)
                    let (id, outcome) = try await examine(bytes)
                    digest = id
                    fresh[file.id] = id
                    objects.append((file.id, id, Int64(bytes.count)))
                    records += outcome.records
                    known[id] = BlobScans(id, outcome.records)
                    scanning.count(outcome.records, known[id]?.verdict ?? .unknown)
                } catch let error as HubError
                    where error.code == .blobNotFound || error.code == .payloadTooLarge
                {
                    found.files[file.path] = Self.unread(error)
                    malware?.isComplete = false
                    continue
                }
            }
            guard let scans = digest.flatMap({ known[$0] }), scans.report != nil else {
                found.files[file.path] = Self.unread(nil)
                continue
            }
            if let version = scans.malwareVersion { malware?.version = version } else { malware?.isComplete = false }
            let findings = scans.findings(under: file.path).filter { $0.verdict != .clean }
            let verdict = max(scans.verdict ?? .unknown, findings.worst)
            guard verdict != .clean else { continue }
            found.files[file.path] = .init(verdict: verdict, findings: Array(findings.prefix(Self.keptOfFile)))
        }
        try await scanning.store.note(records, objects: objects)
    }

    private func examine(_ bytes: [UInt8]) async throws -> (BlobID, BlobExamination.Outcome) {
        let (clamd, clock) = (scanning.clamd, scanning.hub.clock)
        return try await scanning.urgent.run {
            let digest = BlobID(hashing: bytes)
            return (digest, try BlobExamination(digest: digest, clamd: clamd, clock: clock).run(bytes))
        }
    }

    private static func unread(_ error: HubError?) -> RevisionFindings.File {
        let text = error.map { "could not be read: \($0.message)" } ?? "could not be read"
        return .init(
            verdict: .unknown,
            findings: [
                ScanFinding(
                    scanner: "content", verdict: .unknown, code: "source.unreadable", place: "", text: text)
            ])
    }

    /// All paths, with the texts that are asked for.
    private func paths(_ entries: [TreeEntry], of key: Int64) async throws -> [RevisionEntry] {
        var paths: [RevisionEntry] = []
        for entry in entries {
            switch entry.kind {
            case .directory: continue
            case .submodule: paths.append(RevisionEntry(path: entry.path, kind: .submodule))
            case .symlink:
                let target = try? await scanning.hub.git.blob(entry.id, in: key, limit: 1 << 16)
                paths.append(
                    RevisionEntry(
                        path: entry.path, kind: .link(target: String(decoding: target ?? [], as: UTF8.self))))
            case .file, .executable:
                var text: String?
                if entry.lfs == nil, RevisionScanner.wantsText(of: entry.path, size: entry.size) {
                    text = try? await String(
                        decoding: scanning.hub.git.blob(entry.id, in: key, limit: Int(RevisionScanner.maximumText)),
                        as: UTF8.self)
                }
                paths.append(
                    RevisionEntry(path: entry.path, kind: entry.kind == .executable ? .executable : .file, text: text))
            }
        }
        return paths
    }
}
