/// A text that must not reach logs, errors or records (S59): printing it shows `***`.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    private let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { "***" }
    package var debugDescription: String { "***" }

    /// The text itself, for the one place that sends or compares it.
    package func reveal() -> String { text }
}
