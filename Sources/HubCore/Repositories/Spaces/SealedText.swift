import Crypto
import Foundation

/// Texts that are kept under a key beside the database, so that who has only the one reads nothing (AES-256-GCM).
struct SealedText: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: 32 bytes.
    init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// - Parameter place: where the text belongs; it opens nowhere else.
    /// - Returns: base64.
    func seal(_ text: Secret, at place: String) throws -> String {
        let box = try AES.GCM.seal(Array(text.reveal().utf8), using: key, authenticating: Array(place.utf8))
        guard let bytes = box.combined else { throw HubError(.internalError, "A text could not be sealed.") }
        return bytes.base64EncodedString()
    }

    /// - Throws: `.storageCorrupt` for what was sealed by another key, for another place, or was changed.
    func open(_ sealed: String, at place: String) throws -> Secret {
        guard let bytes = Data(base64Encoded: sealed), let box = try? AES.GCM.SealedBox(combined: bytes),
            let text = try? AES.GCM.open(box, using: key, authenticating: Array(place.utf8))
        else {
            throw HubError(
                .storageCorrupt, "A sealed text at \(place) cannot be opened.",
                remedy: "Restore the key it was sealed with, below keys/ of the data folder.")
        }
        return Secret(String(decoding: text, as: UTF8.self))
    }
}
