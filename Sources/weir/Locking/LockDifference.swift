/// What changed from one lock to another, for people.
struct LockDifference {
    let lines: [String]

    init(from old: HubLock, to new: HubLock) {
        var lines: [String] = []
        let before = Dictionary(old.repositories.map { ($0.repository, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.repositories.map { ($0.repository, $0) }, uniquingKeysWith: { first, _ in first })
        if old.policyDigest != new.policyDigest {
            lines.append("policy \(old.policyDigest ?? "unknown") -> \(new.policyDigest ?? "unknown")")
        }
        for name in Set(before.keys).union(after.keys).sorted() {
            switch (before[name], after[name]) {
            case (let old?, let new?): lines += Self.compare(old, new)
            case (nil, let new?):
                lines.append("+ \(name)@\(new.revision) \(new.commit): \(new.files.count) files, \(new.bytes) bytes")
                lines.append("    licence \(Self.license(new))")
            case (let old?, nil): lines.append("- \(name)@\(old.revision) \(old.commit)")
            case (nil, nil): break
            }
        }
        self.lines = lines
    }

    private static func compare(_ old: HubLock.Repository, _ new: HubLock.Repository) -> [String] {
        var lines: [String] = []
        if license(old) != license(new) { lines.append("    licence \(license(old)) -> \(license(new))") }
        let before = Dictionary(old.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var fetched: Int64 = 0
        let known = Set(old.files.map(\.sha256))
        for path in Set(before.keys).union(after.keys).sorted() {
            switch (before[path], after[path]) {
            case (let old?, let new?) where old != new:
                lines.append("    ~ \(path): \(old.size) -> \(new.size) bytes")
            case (nil, let new?): lines.append("    + \(path): \(new.size) bytes")
            case (let old?, nil): lines.append("    - \(path): \(old.size) bytes")
            default: break
            }
            // What only moved is not fetched again.
            if let new = after[path], !known.contains(new.sha256) {
                fetched = fetched.addingReportingOverflow(new.size).partialValue
            }
        }
        guard !lines.isEmpty || old.commit != new.commit || old.revision != new.revision else { return [] }
        let revision = old.revision == new.revision ? new.revision : "\(old.revision) -> \(new.revision)"
        let commit = old.commit == new.commit ? new.commit : "\(old.commit) -> \(new.commit)"
        return ["~ \(new.repository)@\(revision) \(commit): \(fetched) bytes to fetch"] + lines
    }

    private static func license(_ repository: HubLock.Repository) -> String {
        let names = repository.licenses.isEmpty ? "unknown" : repository.licenses.joined(separator: ", ")
        return repository.verdict.map { "\(names) (\($0))" } ?? names
    }
}
