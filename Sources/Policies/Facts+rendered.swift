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
            ("license", licenses?.expression.description),
            ("licenseFlags", licenses.map { $0.expression.flags.sorted().map(\.rawValue).joined(separator: ", ") }),
            ("tags", tags?.joined(separator: ", ")),
            ("task", task),
            ("library", library),
            ("languages", languages?.joined(separator: ", ")),
            ("author", author),
            ("downloads", downloads.map(String.init)),
            ("parameters", parameters.map(String.init)),
            ("updatedAt", updatedAt.map { $0.formatted(.iso8601) }),
            ("files", files.map { "\($0.count)" }),
            ("user", user),
            ("organisation", organisation),
            ("scan", scan?.rendered),
        ]
        return pairs.compactMap { name, value in
            value.map { RenderedFact(name: name, value: $0) }
        }
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
