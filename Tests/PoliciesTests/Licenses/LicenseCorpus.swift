import Foundation
import Testing

@testable import Policies

/// What the licence corpus shares: a house policy, the texts, and a report of what decided each case.
enum LicenseCorpus {
    /// A house that ships products: no non-commercial terms, no work that may not be changed, no network copyleft; people
    /// look at what restricts use, reaches further than credit, or is not known.
    static let policy = """
          license:
            deny: ["flag:non-commercial", "flag:no-derivatives", "flag:network-copyleft"]
            review: ["flag:use-restrictions", "flag:aup", "flag:user-cap", "flag:naming", "flag:strong-copyleft",
                     "flag:no-information", other, unknown]
            allow: ["*"]
            inherit: base_model
            onMismatch: review

        """

    static let snapshot = PolicyFixtures.load(policy).snapshot

    static func decide(_ facts: Facts) throws -> Decision {
        let snapshot = try #require(snapshot)
        return snapshot.decide(mirror: try #require(snapshot.mirrors.first), facts: facts)
    }

    /// What the house decides about a repository of a lineage.
    static func decide(_ conclusion: LicenseConclusion) throws -> Decision {
        var facts = Facts(kind: "model", repository: "a/m", file: "model.safetensors")
        facts.licenses = .unknown
        facts.licenseConclusion = conclusion
        return try decide(facts)
    }

    // MARK: - Texts

    struct Texts {
        let byID: [String: String]
        let classifier: LicenseClassifier
        let list: LicenseTexts
    }

    static let assetPath = ".assets/licenses/texts.json"

    /// nil where nobody made them.
    static let loaded: Texts? = {
        guard let data = try? Data(contentsOf: PolicyFixtures.root.appending(path: assetPath)),
            let texts = try? LicenseTexts(json: [UInt8](data))
        else { return nil }
        return Texts(
            byID: Dictionary(texts.licenses.map { ($0.id, $0.text) }) { first, _ in first },
            classifier: LicenseClassifier(texts), list: texts)
    }()

    static func texts() throws -> Texts {
        try #require(
            loaded, "there are no licence texts at \(assetPath): run `make licenses`, which takes them from a package")
    }

    static func text(_ id: String) throws -> String {
        try #require(try texts().byID[id], "the licence list has no text of \(id)")
    }

    // MARK: - Report

    /// Writes what decided each case beside the build, at most 1 MB, for people to read.
    static func report(_ name: String, _ lines: [String]) throws {
        let folder = PolicyFixtures.root.appending(path: ".build/license-corpus")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = lines.map { $0.count > 2_000 ? $0.prefix(2_000) + "…" : $0 }.joined(separator: "\n") + "\n"
        try Data(text.utf8.prefix(1_000_000)).write(to: folder.appending(path: "\(name).txt"))
    }
}
