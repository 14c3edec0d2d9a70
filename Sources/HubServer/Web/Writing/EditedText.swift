import HubCore

/// The text of a small file.
struct EditedText: Sendable {
    let entry: TreeEntry
    /// Nil for what is no text, or too long for a form.
    let text: String?

    /// Bytes of a text that fits into a form.
    static let maximumBytes = 1 << 20

    /// - Throws: `.entryNotFound`, or what the gate decides.
    init(_ path: String, in snapshot: Snapshot, by repositories: RepositoryService) async throws {
        entry = try await repositories.entry(at: path, in: snapshot)
        guard entry.kind == .file || entry.kind == .executable, entry.lfs == nil, entry.size <= Self.maximumBytes,
            case .object(let bytes) = try await repositories.open(entry, in: snapshot, isPull: false).content,
            !bytes.contains(0)
        else {
            text = nil
            return
        }
        text = String(validating: bytes, as: UTF8.self)
    }

    /// What a form sends as lines with CR and LF, with the line ends of the text it replaces.
    static func normalized(_ text: String, like original: String?) -> String {
        let plain = text.replacing("\r\n", with: "\n")
        let old = original ?? ""
        let isWindows = old.utf8.contains(0x0D) && !old.replacing("\r\n", with: "").utf8.contains(0x0A)
        return isWindows ? plain.replacing("\n", with: "\r\n") : plain
    }
}
