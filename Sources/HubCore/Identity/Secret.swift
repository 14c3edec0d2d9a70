/// A value that must not appear in logs, errors or responses: a token, a password, a key.
///
/// It prints as `***`, is not `Codable`, and hides from reflection (`dump`, `String(reflecting:)`).
/// The value comes out only through ``reveal()``, so that a search for that word lists every place a secret is used.
package struct Secret: Sendable, Hashable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The secret in clear, for the one call that sends or compares it.
    package func reveal() -> String { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
