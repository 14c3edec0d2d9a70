/// The errors for bytes that are no Xet: each names what was read, where in it, and what is wrong there.
enum XetFailure {
    /// The bytes break the format.
    /// - Parameters:
    ///   - thing: what was read, such as "xorb".
    ///   - offset: bytes from its start.
    static func malformed(_ thing: String, at offset: Int64, _ what: String) -> HubError {
        HubError(.badRequest, "The \(thing) is malformed at byte \(offset): \(what).")
    }

    /// The bytes keep the format, but are not what their own hashes, checksums and lengths say.
    static func contradicts(_ thing: String, at offset: Int64, _ what: String) -> HubError {
        HubError(.unprocessable, "The \(thing) contradicts itself at byte \(offset): \(what).")
    }

    /// The bytes keep the format, but there are more of them than the hub takes.
    static func tooLarge(_ thing: String, at offset: Int64, _ what: String) -> HubError {
        HubError(.payloadTooLarge, "The \(thing) is too large at byte \(offset): \(what).")
    }
}
