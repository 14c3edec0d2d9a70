import Foundation

extension Facts {
    /// The known facts as people read them, in a fixed order.
    package var rendered: [RenderedFact] {
        let pairs: [(String, String?)] = [
            ("kind", kind),
            ("repository", repository),
            ("revision", revision),
            ("commit", commit),
            ("file", file),
            ("fileSize", fileSize.map(ByteText.render)),
            ("totalSize", totalSize.map(ByteText.render)),
            ("license", effectiveLicense?.description),
            ("licenseFlags", effectiveLicense.map { $0.flags.sorted().map(\.rawValue).joined(separator: ", ") }),
            ("licenseDeclared", licenseConclusion.map { "\($0.declared.declared) (\($0.declaredSource.rawValue))" }),
            ("licenseConcluded", licenseConclusion?.concluded.description),
            ("licenseChain", licenseConclusion.flatMap { Self.joined($0.chain) }),
            ("licenseConflicts", licenseConclusion.flatMap { Self.joined($0.conflicts.map(\.description)) }),
            ("licenseAdvisories", licenseConclusion.flatMap { Self.joined($0.advisories.map(\.description)) }),
            ("tags", tags?.joined(separator: ", ")),
            ("task", task),
            ("library", library),
            ("languages", languages?.joined(separator: ", ")),
            ("author", author),
            ("downloads", downloads.map(String.init)),
            ("parameters", parameters.map(String.init)),
            ("updatedAt", updatedAt.map { $0.formatted(.iso8601) }),
            ("files", files.map { "\($0.count)" }),
            ("signedByTrustedKey", isSignedByTrustedKey.map { $0 ? "yes" : "no" }),
            ("user", user),
            ("organisation", organisation),
            ("scan", scan?.rendered),
            ("approval", approvals.flatMap { $0.isEmpty ? nil : $0.map(\.text).joined(separator: ", ") }),
        ]
        return pairs.compactMap { name, value in
            value.map { RenderedFact(name: name, value: $0) }
        }
    }

    /// The first twenty; nil where there are none.
    private static func joined(_ texts: [String]) -> String? {
        guard !texts.isEmpty else { return nil }
        let rest = texts.count > 20 ? ["and \(texts.count - 20) more"] : []
        return (texts.prefix(20) + rest).joined(separator: "; ")
    }
}

extension ScanFacts {
    /// `dangerous: imports os.system (data.pkl:12)`, or that it is still to be done.
    fileprivate var rendered: String {
        guard state == .done else { return "pending" }
        let worst = findings.first.map { ": \($0.text)" + ($0.place.isEmpty ? "" : " (\($0.place))") }
        return verdict.rawValue + (worst ?? "")
    }
}
