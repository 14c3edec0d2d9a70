import Crypto
import Foundation

/// A public key as `~/.ssh/id_ed25519.pub` holds it.
///
/// - SeeAlso: sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; RFC 4253 §6.6.
package struct SSHPublicKey: Sendable, Hashable {
    /// The algorithm, in OpenSSH's words.
    package let type: String
    /// The key itself, in base64.
    package let base64: String
    /// What stands behind it, for people; may be empty.
    package let comment: String
    /// SHA-256 of the key in base64 without padding, as `ssh-keygen -l` shows it.
    package let fingerprint: String

    private static let types: Set<String> = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]
    private static let maximumByteCount = 16 << 10
    /// Bytes of an RSA key of 2048 bits: shorter ones are not safe.
    private static let minimumRSAByteCount = 270

    /// Reads `<type> <base64> [comment]` on one line.
    /// - Throws: `.badRequest` for anything else: options, several lines, weak or unknown algorithms, private keys.
    package init(parsing text: String) throws {
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard line.utf8.count <= Self.maximumByteCount, !line.contains(where: \.isNewline) else {
            throw Self.unreadable
        }
        let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard fields.count >= 2, Self.types.contains(fields[0]), let key = Data(base64Encoded: fields[1]) else {
            throw Self.unreadable
        }
        // The key says itself of what type it is: a length of four bytes, then the name.
        let name = Array(fields[0].utf8)
        guard key.count > name.count + 4, Array(key.prefix(4)) == [0, 0, 0, UInt8(name.count)],
            Array(key.dropFirst(4).prefix(name.count)) == name
        else { throw Self.unreadable }
        guard fields[0] != "ssh-rsa" || key.count >= Self.minimumRSAByteCount else {
            throw HubError(
                .badRequest, "The RSA key is shorter than 2048 bits.", remedy: "Make one with ssh-keygen -t ed25519.")
        }
        type = fields[0]
        base64 = key.base64EncodedString()
        comment = fields.count > 2 ? fields[2] : ""
        let digest = Data(SHA256.hash(data: key)).base64EncodedString()
        fingerprint = digest.trimmingCharacters(in: CharacterSet(charactersIn: "="))
    }

    /// Type and key, which are safe to print on a line of `authorized_keys`.
    package var line: String { "\(type) \(base64)" }

    private static let unreadable = HubError(
        .badRequest, "This is no SSH public key.", remedy: "Give one line as in ~/.ssh/id_ed25519.pub.")
}
