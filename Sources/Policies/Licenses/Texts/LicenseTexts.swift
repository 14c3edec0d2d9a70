import Foundation

/// The texts of known licences, by which the text of a LICENSE file is told.
///
/// They are not part of this project: `make` takes them from a package and lays them at `.assets/licenses/texts.json`.
/// The server looks for them at `--license-texts FILE` (`WEIR_LICENSE_TEXTS`), else at `<data>/licenses/texts.json`, else
/// at `.assets/licenses/texts.json` beside its working directory. Where there are none, texts are not classified: nothing
/// is guessed.
package struct LicenseTexts: Sendable {
    /// One text.
    package struct Entry: Sendable, Hashable {
        /// The SPDX identifier of a licence or an exception.
        package let id: String
        /// Its name for people.
        package let name: String
        package let text: String
        package let isDeprecated: Bool

        package init(id: String, name: String, text: String, isDeprecated: Bool = false) {
            self.id = id
            self.name = name
            self.text = text
            self.isDeprecated = isDeprecated
        }
    }

    /// The version of the list, such as `3.29.0`.
    package let version: String
    package let licenses: [Entry]
    /// Texts that loosen a licence, as `Classpath-exception-2.0`.
    package let exceptions: [Entry]

    package init(version: String, licenses: [Entry], exceptions: [Entry] = []) {
        self.version = version
        self.licenses = licenses
        self.exceptions = exceptions
    }

    /// Reads `{"version": …, "licenses": [{"id": …, "name": …, "text": …, "deprecated": …}], "exceptions": [the same]}`.
    ///
    /// - Throws: ``LicenseTextsError`` where the bytes are something else, are larger than 64 MiB, or hold no licence.
    package init(json: [UInt8]) throws(LicenseTextsError) {
        guard json.count <= 64 << 20 else { throw LicenseTextsError(reason: "the file is larger than 64 MiB") }
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: Data(json))
        } catch {
            throw LicenseTextsError(reason: "the file is not the JSON of licence texts")
        }
        guard !file.licenses.isEmpty else { throw LicenseTextsError(reason: "the file holds no licence") }
        self.init(
            version: file.version, licenses: file.licenses.map(\.entry),
            exceptions: file.exceptions?.map(\.entry) ?? [])
    }

    private struct File: Decodable {
        let version: String
        let licenses: [Item]
        let exceptions: [Item]?
    }

    private struct Item: Decodable {
        let id: String
        let name: String
        let text: String
        let deprecated: Bool?

        var entry: Entry { Entry(id: id, name: name, text: text, isDeprecated: deprecated ?? false) }
    }
}

/// Why licence texts could not be loaded.
package struct LicenseTextsError: Error, CustomStringConvertible, Hashable {
    package let reason: String

    package var description: String { "licence texts: \(reason) (`make licenses` builds it)" }
}
