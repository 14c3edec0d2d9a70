import Foundation

/// What a new password must be. There are no rules about kinds of characters: length is what counts.
///
/// - SeeAlso: NIST SP 800-63B §5.1.1.2.
enum PasswordRules {
    static let minimumLength = 10
    static let maximumByteCount = 128

    /// The one spelling of a password, however a keyboard composes its letters.
    static func normalised(_ password: Secret) -> Secret {
        Secret(password.reveal().precomposedStringWithCanonicalMapping)
    }

    /// - Throws: `.badRequest` saying what is wrong, without the password.
    static func check(_ password: Secret, of name: String) throws {
        let text = password.reveal()
        guard text.count >= minimumLength, text.utf8.count <= maximumByteCount else {
            throw HubError(
                .badRequest,
                "A password has at least \(minimumLength) characters and at most \(maximumByteCount) bytes."
            )
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw HubError(.badRequest, "A password has no control characters.")
        }
        let folded = text.lowercased()
        let withoutName = folded.replacingOccurrences(of: name.lowercased(), with: "")
        guard withoutName.count >= minimumLength / 2 else {
            throw HubError(.badRequest, "The password is little more than the user's name.")
        }
        guard Set(folded).count >= 5 else {
            throw HubError(.badRequest, "The password repeats a few characters.")
        }
    }
}
