#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One object in the textual encoding of RFC 7468.
enum PEMText {
    /// - Throws: `.badRequest` when the text holds no object of that label.
    static func decode(_ text: String, label: String) throws(HubError) -> [UInt8] {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace || $0 == " " } }
        guard let start = lines.firstIndex(of: "-----BEGIN \(label)-----"),
            let end = lines[start...].firstIndex(of: "-----END \(label)-----"), start + 1 < end,
            let data = Data(base64Encoded: lines[(start + 1)..<end].joined())
        else { throw HubError(.badRequest, "There is no \(label) in PEM form.") }
        return Array(data)
    }

    static func encode(_ bytes: [UInt8], label: String) -> String {
        let text = Array(Data(bytes).base64EncodedString())
        let lines = stride(from: 0, to: text.count, by: 64).map { String(text[$0..<min($0 + 64, text.count)]) }
        return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----"]).joined(separator: "\n") + "\n"
    }
}
