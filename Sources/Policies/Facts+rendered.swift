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
            ("approval", approvals.flatMap { $0.isEmpty ? nil : $0.map(\.text).joined(separator: ", ") }),
        ]
        return pairs.compactMap { name, value in
            value.map { RenderedFact(name: name, value: $0) }
        }
    }
}
