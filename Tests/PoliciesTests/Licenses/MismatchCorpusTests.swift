import Foundation
import Testing

@testable import Policies

@Suite("Licence corpus: sources that differ")
struct MismatchCorpusTests {
    typealias Kind = LicenseConflict.Kind

    struct Case: Sendable {
        let name: String
        var card: [String] = []
        var cardName: String?
        var cardLink: String?
        var tags: [String] = []
        var api: [String] = []
        /// File name and the licence whose text is in it; `~ID` with a clause added, `?` no licence's text.
        var files: [(String, String)] = []
        /// LICENSE and NOTICE files of the repository, and of the one it is quantised from.
        var notices: ([String], [String])?
        /// What holds for the repository itself, and where that is said.
        let own: String
        let source: LicenseSource
        let outcome: Decision.Outcome
        var conflicts: [Kind] = []
    }

    static let cases: [Case] = agreeing + differing + sources + notices

    private static let agreeing: [Case] = [
        Case(
            name: "card and text agree", card: ["mit"], files: [("LICENSE", "MIT")], own: "MIT", source: .text,
            outcome: .allow),
        Case(
            name: "the text alone", files: [("LICENSE", "Apache-2.0")], own: "Apache-2.0", source: .text,
            outcome: .allow),
        Case(
            name: "a card that says `other`", card: ["other"], files: [("LICENSE", "Apache-2.0")], own: "Apache-2.0",
            source: .text, outcome: .allow),
        Case(
            name: "a card that says `unknown`", card: ["unknown"], files: [("LICENSE.txt", "BSD-3-Clause")],
            own: "BSD-3-Clause", source: .text, outcome: .allow),
        Case(
            name: "a text of a made-up name", card: ["Our own terms"], files: [("LICENSE", "?")], own: "Our own terms",
            source: .card, outcome: .review),
        Case(
            name: "a family and its member", card: ["gpl"], files: [("COPYING", "GPL-3.0-only")], own: "GPL-3.0-only",
            source: .text, outcome: .review),
        Case(
            name: "the family of BSD and its member", card: ["bsd"], files: [("LICENSE", "BSD-2-Clause")],
            own: "BSD-2-Clause", source: .text, outcome: .allow),
        Case(
            name: "the family of Creative Commons and its member", card: ["cc"], files: [("LICENSE", "CC-BY-NC-4.0")],
            own: "CC-BY-NC-4.0", source: .text, outcome: .deny),
        Case(
            name: "later versions are said by the card alone", card: ["GPL-2.0-or-later"],
            files: [("COPYING", "GPL-2.0-only")], own: "GPL-2.0-or-later", source: .text, outcome: .review),
        Case(
            name: "a choice, both texts there", card: ["MIT OR Apache-2.0"],
            files: [("LICENSE-MIT", "MIT"), ("LICENSE-APACHE", "Apache-2.0")], own: "MIT OR Apache-2.0", source: .text,
            outcome: .allow),
        Case(
            name: "a choice, one text there", card: ["MIT OR Apache-2.0"], files: [("LICENSE", "MIT")],
            own: "MIT OR Apache-2.0", source: .text, outcome: .allow),
        Case(
            name: "both apply, both texts there", card: ["MIT", "Apache-2.0"],
            files: [("LICENSE", "MIT"), ("LICENSE.apache", "Apache-2.0")], own: "MIT AND Apache-2.0", source: .text,
            outcome: .allow),
        Case(
            name: "COPYING and COPYING.LESSER", card: ["lgpl-3.0"],
            files: [("COPYING", "GPL-3.0-only"), ("COPYING.LESSER", "LGPL-3.0-only")], own: "LGPL-3.0-only",
            source: .text,
            outcome: .allow),
        Case(
            name: "a notice of others' licences", card: ["apache-2.0"],
            files: [("LICENSE", "Apache-2.0"), ("NOTICE", "GPL-3.0-only")], own: "Apache-2.0", source: .text,
            outcome: .allow),
        Case(
            name: "a second text that asks for credit", card: ["apache-2.0"],
            files: [("LICENSE", "Apache-2.0"), ("LICENSE.zlib", "Zlib")], own: "Apache-2.0 AND Zlib", source: .text,
            outcome: .allow),
        Case(
            name: "a vendor's text under its name", card: ["llama3.1"], files: [("LICENSE", "llama3.1")],
            own: "LicenseRef-llama3.1", source: .text, outcome: .review),
    ]

    private static let differing: [Case] = [
        Case(
            name: "two permissive ones", card: ["mit"], files: [("LICENSE", "Apache-2.0")], own: "Apache-2.0",
            source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "the GPL under a permissive card", card: ["apache-2.0"], files: [("LICENSE", "GPL-3.0-only")],
            own: "GPL-3.0-only", source: .text, outcome: .review, conflicts: [.copyleftText]),
        Case(
            name: "the AGPL under a permissive card", card: ["mit"], files: [("LICENSE", "AGPL-3.0-only")],
            own: "AGPL-3.0-only", source: .text, outcome: .deny, conflicts: [.copyleftText]),
        Case(
            name: "the GPL beside the text that the card names", card: ["mit"],
            files: [("LICENSE", "MIT"), ("COPYING", "GPL-2.0-only")], own: "MIT AND GPL-2.0-only", source: .text,
            outcome: .review, conflicts: [.copyleftText]),
        Case(
            name: "non-commercial text under a free card", card: ["cc-by-4.0"], files: [("LICENSE", "CC-BY-NC-4.0")],
            own: "CC-BY-NC-4.0", source: .text, outcome: .deny, conflicts: [.textMismatch]),
        Case(
            name: "a free text for the code under a non-commercial card", card: ["cc-by-nc-4.0"],
            files: [("LICENSE", "MIT")], own: "MIT AND CC-BY-NC-4.0", source: .text, outcome: .deny,
            conflicts: [.textMismatch]),
        Case(
            name: "a free text under a vendor's card", card: ["llama3"], files: [("LICENSE", "Apache-2.0")],
            own: "Apache-2.0 AND LicenseRef-llama3", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "a vendor's text under a free card", card: ["apache-2.0"], files: [("LICENSE", "llama3.1")],
            own: "LicenseRef-llama3.1", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "Gemma's terms under MIT", card: ["mit"], files: [("LICENSE", "gemma")], own: "LicenseRef-gemma",
            source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "Llama 3 where the card says 3.1", card: ["llama3.1"], files: [("LICENSE", "llama3")],
            own: "LicenseRef-llama3", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "share-alike left out of the card", card: ["cc-by-4.0"], files: [("LICENSE", "CC-BY-SA-4.0")],
            own: "CC-BY-SA-4.0", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "no derivatives left out of the card", card: ["cc-by-4.0"], files: [("LICENSE", "CC-BY-ND-4.0")],
            own: "CC-BY-ND-4.0", source: .text, outcome: .deny, conflicts: [.textMismatch]),
        Case(
            name: "another version of the same", card: ["gpl-3.0"], files: [("COPYING", "GPL-2.0-only")],
            own: "GPL-2.0-only", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "BSD-2 where the card says BSD-3", card: ["bsd-3-clause"], files: [("LICENSE", "BSD-2-Clause")],
            own: "BSD-2-Clause", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "LGPL where the card says GPL", card: ["gpl-3.0"], files: [("COPYING", "LGPL-2.1-only")],
            own: "LGPL-2.1-only", source: .text, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "a member of another family", card: ["bsd"], files: [("LICENSE", "GPL-3.0-only")],
            own: "GPL-3.0-only",
            source: .text, outcome: .review, conflicts: [.copyleftText]),
        Case(
            name: "a text that nobody knows under Apache", card: ["apache-2.0"], files: [("LICENSE", "?")],
            own: "Apache-2.0", source: .card, outcome: .review, conflicts: [.textMismatch]),
        Case(
            name: "Apache with a non-commercial clause", card: ["apache-2.0"], files: [("LICENSE", "~Apache-2.0")],
            own: "LicenseRef-modified-Apache-2.0--non-commercial", source: .text, outcome: .deny,
            conflicts: [.modifiedText]),
        Case(
            name: "MIT with a non-commercial clause, under `other`", card: ["other"], files: [("LICENSE", "~MIT")],
            own: "LicenseRef-modified-MIT--non-commercial", source: .text, outcome: .deny, conflicts: [.modifiedText]),
        Case(
            name: "MIT with a non-commercial clause, under nothing", files: [("LICENSE", "~MIT")],
            own: "LicenseRef-modified-MIT--non-commercial", source: .text, outcome: .deny, conflicts: [.modifiedText]),
    ]

    private static let sources: [Case] = [
        Case(name: "the tag alone", tags: ["apache-2.0"], own: "Apache-2.0", source: .tag, outcome: .allow),
        Case(name: "the upstream alone", api: ["mit"], own: "MIT", source: .api, outcome: .allow),
        Case(name: "nothing at all", own: "unknown", source: .none, outcome: .review),
        Case(name: "card and tag agree", card: ["mit"], tags: ["mit"], own: "MIT", source: .card, outcome: .allow),
        Case(
            name: "card and tag differ", card: ["mit"], tags: ["cc-by-nc-4.0"], own: "MIT", source: .card,
            outcome: .review, conflicts: [.sourceMismatch]),
        Case(
            name: "tag and upstream differ", tags: ["mit"], api: ["apache-2.0"], own: "MIT", source: .tag,
            outcome: .review, conflicts: [.sourceMismatch]),
        Case(
            name: "card, tag and upstream all differ", card: ["mit"], tags: ["apache-2.0"], api: ["gpl-3.0"],
            own: "MIT",
            source: .card, outcome: .review, conflicts: [.sourceMismatch, .sourceMismatch]),
        Case(
            name: "a card that says `other`, and a tag that says so", card: ["other"], tags: ["other"], own: "other",
            source: .card, outcome: .review),
        Case(
            name: "the spelling differs and the licence does not", card: ["Apache License 2.0"], tags: ["apache-2.0"],
            own: "Apache-2.0", source: .card, outcome: .allow),
        Case(
            name: "a name beside `other`", card: ["other"], cardName: "llama3.1", own: "LicenseRef-llama3.1",
            source: .card, outcome: .review),
        Case(
            name: "a name of a research licence beside `other`", card: ["other"], cardName: "mrl",
            own: "LicenseRef-mistral-research", source: .card, outcome: .deny),
        Case(
            name: "a name that nobody knows beside `other`", card: ["other"], cardName: "acme-terms", own: "other",
            source: .card, outcome: .review),
        Case(
            name: "a link beside `other`", card: ["other"], cardName: "terms",
            cardLink: "https://creativecommons.org/licenses/by-nc/4.0/deed.en", own: "CC-BY-NC-4.0", source: .card,
            outcome: .deny),
        Case(
            name: "a link to Apache's text", card: ["other"],
            cardLink: "http://www.apache.org/licenses/LICENSE-2.0.txt",
            own: "Apache-2.0", source: .card, outcome: .allow),
        Case(
            name: "a link to Gemma's terms", card: ["other"], cardLink: "https://ai.google.dev/gemma/terms",
            own: "LicenseRef-gemma", source: .card, outcome: .review),
        Case(
            name: "a link to somewhere", card: ["other"], cardLink: "https://example.com/licenses/mit", own: "other",
            source: .card, outcome: .review),
        Case(
            name: "a name that frees where the card does not say `other`", card: ["cc-by-nc-4.0"], cardName: "mit",
            own: "CC-BY-NC-4.0", source: .card, outcome: .deny),
        Case(
            name: "the text before card and tag", card: ["mit"], tags: ["gpl-3.0"],
            files: [("LICENSE", "BSD-3-Clause")],
            own: "BSD-3-Clause", source: .text, outcome: .review, conflicts: [.sourceMismatch, .textMismatch]),
    ]

    private static let notices: [Case] = [
        Case(
            name: "quantised, with all that came along", card: ["apache-2.0"],
            notices: (["LICENSE", "NOTICE"], ["LICENSE", "NOTICE"]), own: "Apache-2.0", source: .card, outcome: .allow),
        Case(
            name: "quantised, without licence and notice", card: ["apache-2.0"], notices: ([], ["LICENSE", "NOTICE"]),
            own: "Apache-2.0", source: .card, outcome: .review, conflicts: [.missingNotice]),
        Case(
            name: "quantised, without the notice", card: ["apache-2.0"],
            notices: (["LICENSE"], ["LICENSE", "NOTICE.txt"]),
            own: "Apache-2.0", source: .card, outcome: .review, conflicts: [.missingNotice]),
        Case(
            name: "quantised from one that has no files either", card: ["apache-2.0"], notices: ([], []),
            own: "Apache-2.0", source: .card, outcome: .allow),
    ]

    @Test("each repository is concluded as people conclude it, and contradictions have names")
    func mismatches() throws {
        var lines: [String] = []
        for item in Self.cases {
            let conclusion = LicenseLineage(try Self.nodes(item)).conclusion(of: "a/m")
            let decision = try LicenseCorpus.decide(conclusion)
            let told =
                ([decision.explanation] + conclusion.chain + conclusion.conflicts.map(\.description))
                .joined(separator: " | ")
            #expect(conclusion.own.description == item.own, "\(item.name): \(told)")
            #expect(conclusion.terms.first?.source == item.source, "\(item.name): \(told)")
            #expect(decision.outcome == item.outcome, "\(item.name): \(told)")
            #expect(conclusion.conflicts.map(\.kind) == item.conflicts, "\(item.name): \(told)")
            lines.append("\(item.name): \(told)")
        }
        try LicenseCorpus.report("mismatches", lines)
    }

    private static func nodes(_ item: Case) throws -> [LicenseLineage.Node] {
        var node = LicenseLineage.Node(id: "a/m")
        node.card = item.card
        node.cardName = item.cardName
        node.cardLink = item.cardLink
        node.tags = item.tags
        node.api = item.api
        node.texts = try item.files.map { .init(path: $0.0, match: try match($0.1)) }
        guard let notices = item.notices else { return [node] }
        node.noticeFiles = notices.0
        node.parents = [.init(id: "c/d", relation: .quantized)]
        var parent = LicenseLineage.Node(id: "c/d").with(card: ["apache-2.0"])
        parent.noticeFiles = notices.1
        return [node, parent]
    }

    private static func match(_ name: String) throws -> LicenseTextMatch? {
        let classifier = try LicenseCorpus.texts().classifier
        switch name {
        case "?": return classifier.classify("These are our own terms. Ask us before you do anything with our work.")
        case "llama3": return classifier.classify("META LLAMA 3 COMMUNITY LICENSE AGREEMENT\n\nBy using it you agree.")
        case "llama3.1": return classifier.classify("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n\nBy using it you agree.")
        case "gemma": return classifier.classify("Gemma Terms of Use\n\nBy using it you agree.")
        default:
            if name.hasPrefix("~") {
                return classifier.classify(
                    try LicenseCorpus.text(String(name.dropFirst())) + "\n\nThis is for non-commercial use only.\n")
            }
            return classifier.classify(TextNoise.wrapped(TextNoise.filled(try LicenseCorpus.text(name)), width: 70))
        }
    }

    @Test("the corpus is as large as it has to be")
    func size() {
        let identifiers = IdentifierCorpusTests.cases.count
        let expressions = IdentifierCorpusTests.expressions.count
        let texts = TextCorpusTests.cases.count
        let graphs = LineageCorpusTests.cases.count
        let mismatches = Self.cases.count
        #expect(identifiers == 83 && expressions >= 60 && texts >= 60 && graphs >= 40 && mismatches >= 40)
        #expect(identifiers + expressions + texts + graphs + mismatches >= 300)
        // No case twice.
        #expect(Set(TextCorpusTests.cases.map(\.name)).count == texts)
        #expect(Set(LineageCorpusTests.cases.map(\.name)).count == graphs)
        #expect(Set(Self.cases.map(\.name)).count == mismatches)
        #expect(Set(IdentifierCorpusTests.cases.map(\.declared)).count == identifiers)
        #expect(Set(IdentifierCorpusTests.expressions.map(\.0)).count == expressions)
    }
}
