import Testing

@testable import Policies

@Suite("Licence corpus: identifiers")
struct IdentifierCorpusTests {
    struct Case {
        let declared: String
        let outcome: Decision.Outcome
        let flags: String
    }

    /// All 83 identifiers of Hugging Face, what they oblige to, and what the house of the corpus decides.
    static let cases = hub.map { Case(declared: $0.0, outcome: $0.1, flags: $0.2) }

    private static let hub: [(String, Decision.Outcome, String)] = [
        ("apache-2.0", .allow, "attribution"), ("mit", .allow, "attribution"),
        ("openrail", .review, "attribution family-ambiguous no-information use-restrictions"),
        ("bigscience-openrail-m", .review, "attribution use-restrictions"),
        ("creativeml-openrail-m", .review, "attribution use-restrictions"),
        ("bigscience-bloom-rail-1.0", .review, "attribution use-restrictions"),
        ("bigcode-openrail-m", .review, "attribution use-restrictions"), ("afl-3.0", .allow, "attribution"),
        ("artistic-2.0", .allow, "attribution"), ("bsl-1.0", .allow, "attribution"),
        ("bsd", .review, "attribution family-ambiguous no-information"), ("bsd-2-clause", .allow, "attribution"),
        ("bsd-3-clause", .allow, "attribution"), ("bsd-3-clause-clear", .allow, "attribution"),
        ("c-uda", .allow, "attribution"), ("cc", .review, "family-ambiguous no-information"),
        ("cc0-1.0", .allow, ""), ("cc-by-2.0", .allow, "attribution"), ("cc-by-2.5", .allow, "attribution"),
        ("cc-by-3.0", .allow, "attribution"), ("cc-by-4.0", .allow, "attribution"),
        ("cc-by-sa-3.0", .allow, "attribution share-alike"), ("cc-by-sa-4.0", .allow, "attribution share-alike"),
        ("cc-by-nc-2.0", .deny, "attribution non-commercial"), ("cc-by-nc-3.0", .deny, "attribution non-commercial"),
        ("cc-by-nc-4.0", .deny, "attribution non-commercial"), ("cc-by-nd-4.0", .deny, "attribution no-derivatives"),
        ("cc-by-nc-nd-3.0", .deny, "attribution no-derivatives non-commercial"),
        ("cc-by-nc-nd-4.0", .deny, "attribution no-derivatives non-commercial"),
        ("cc-by-nc-sa-2.0", .deny, "attribution non-commercial share-alike"),
        ("cc-by-nc-sa-3.0", .deny, "attribution non-commercial share-alike"),
        ("cc-by-nc-sa-4.0", .deny, "attribution non-commercial share-alike"),
        ("cdla-sharing-1.0", .allow, "attribution share-alike"), ("cdla-permissive-1.0", .allow, "attribution"),
        ("cdla-permissive-2.0", .allow, "attribution"), ("wtfpl", .allow, ""), ("ecl-2.0", .allow, "attribution"),
        ("epl-1.0", .allow, "attribution weak-copyleft"), ("epl-2.0", .allow, "attribution weak-copyleft"),
        ("etalab-2.0", .allow, "attribution"), ("eupl-1.1", .allow, "attribution weak-copyleft"),
        ("eupl-1.2", .allow, "attribution weak-copyleft"),
        ("agpl-3.0", .deny, "attribution network-copyleft strong-copyleft"),
        ("gfdl", .review, "attribution family-ambiguous no-information share-alike"),
        ("gpl", .review, "attribution family-ambiguous no-information strong-copyleft"),
        ("gpl-2.0", .review, "attribution strong-copyleft"), ("gpl-3.0", .review, "attribution strong-copyleft"),
        ("lgpl", .review, "attribution family-ambiguous no-information weak-copyleft"),
        ("lgpl-2.1", .allow, "attribution weak-copyleft"), ("lgpl-3.0", .allow, "attribution weak-copyleft"),
        ("isc", .allow, "attribution"), ("h-research", .deny, "attribution non-commercial"),
        ("intel-research", .deny, "attribution non-commercial"), ("lppl-1.3c", .allow, "attribution"),
        ("ms-pl", .allow, "attribution"), ("apple-ascl", .deny, "attribution non-commercial"),
        ("apple-amlr", .deny, "attribution non-commercial"), ("mpl-2.0", .allow, "attribution weak-copyleft"),
        ("odc-by", .allow, "attribution"), ("odbl", .allow, "attribution share-alike"),
        ("openmdw-1.0", .allow, "attribution"), ("openmdw-1.1", .allow, "attribution"),
        ("openrail++", .review, "attribution use-restrictions"),
        ("osl-3.0", .deny, "attribution network-copyleft strong-copyleft"), ("postgresql", .allow, "attribution"),
        ("ofl-1.1", .allow, "attribution"), ("ncsa", .allow, "attribution"), ("unlicense", .allow, ""),
        ("zlib", .allow, "attribution"), ("pddl", .allow, ""), ("lgpl-lr", .allow, "attribution weak-copyleft"),
        ("deepfloyd-if-license", .deny, "attribution gated-acceptance non-commercial use-restrictions"),
        ("fair-noncommercial-research-license", .deny, "attribution non-commercial"),
        ("llama2", .review, "attribution aup gated-acceptance user-cap"),
        ("llama3", .review, "attribution aup gated-acceptance naming user-cap"),
        ("llama3.1", .review, "attribution aup gated-acceptance naming user-cap"),
        ("llama3.2", .review, "attribution aup gated-acceptance naming user-cap"),
        ("llama3.3", .review, "attribution aup gated-acceptance naming user-cap"),
        ("llama4", .review, "attribution aup gated-acceptance naming user-cap"),
        ("grok2-community", .review, "attribution aup naming user-cap"),
        ("gemma", .review, "aup gated-acceptance use-restrictions"), ("unknown", .review, "no-information"),
        ("other", .review, "no-information"),
    ]

    @Test("each Hugging Face identifier has the obligations and the decision that people gave it")
    func identifiers() throws {
        var lines: [String] = []
        for item in Self.cases {
            let conclusion = LicenseLineage([.init(id: "a/m").with(card: [item.declared])]).conclusion(of: "a/m")
            let decision = try LicenseCorpus.decide(conclusion)
            #expect(decision.outcome == item.outcome, "\(item.declared): \(decision.explanation)")
            let flags = conclusion.flags.sorted().map(\.rawValue).joined(separator: " ")
            #expect(flags == item.flags, "\(item.declared)")
            lines.append("\(item.declared): \(decision.explanation) | \(conclusion.chain.joined(separator: "; "))")
        }
        try LicenseCorpus.report("identifiers", lines)
    }

    /// An expression, its canonical form, and what the house decides: of `OR` the best, of `AND` the worst.
    static let expressions: [(String, String, Decision.Outcome)] = [
        ("MIT", "MIT", .allow), ("mit or apache-2.0", "MIT OR Apache-2.0", .allow),
        ("MIT AND Apache-2.0", "MIT AND Apache-2.0", .allow), ("(MIT)", "MIT", .allow),
        ("((MIT OR Apache-2.0))", "MIT OR Apache-2.0", .allow),
        ("MIT OR CC-BY-NC-4.0", "MIT OR CC-BY-NC-4.0", .allow),
        ("CC-BY-NC-4.0 OR MIT", "CC-BY-NC-4.0 OR MIT", .allow),
        ("MIT AND CC-BY-NC-4.0", "MIT AND CC-BY-NC-4.0", .deny),
        ("Apache-2.0 AND llama3", "Apache-2.0 AND LicenseRef-llama3", .review),
        ("Apache-2.0 OR llama3", "Apache-2.0 OR LicenseRef-llama3", .allow),
        ("llama2 OR gemma", "LicenseRef-llama2 OR LicenseRef-gemma", .review),
        ("GPL-3.0-only OR MIT", "GPL-3.0-only OR MIT", .allow), ("GPL-3.0 AND MIT", "GPL-3.0-only AND MIT", .review),
        ("AGPL-3.0-only OR GPL-3.0-only", "AGPL-3.0-only OR GPL-3.0-only", .review),
        ("AGPL-3.0-only AND GPL-3.0-only", "AGPL-3.0-only AND GPL-3.0-only", .deny),
        ("MIT OR Apache-2.0 AND CC-BY-NC-4.0", "MIT OR (Apache-2.0 AND CC-BY-NC-4.0)", .allow),
        ("(MIT OR Apache-2.0) AND CC-BY-NC-4.0", "(MIT OR Apache-2.0) AND CC-BY-NC-4.0", .deny),
        (
            "(MIT OR GPL-2.0-only) AND (Apache-2.0 OR AGPL-3.0-only)",
            "(MIT OR GPL-2.0-only) AND (Apache-2.0 OR AGPL-3.0-only)", .allow
        ),
        ("MIT AND (CC-BY-NC-4.0 OR CC-BY-ND-4.0)", "MIT AND (CC-BY-NC-4.0 OR CC-BY-ND-4.0)", .deny),
        ("MIT AND (CC-BY-NC-4.0 OR gemma)", "MIT AND (CC-BY-NC-4.0 OR LicenseRef-gemma)", .review),
        ("GPL-2.0+", "GPL-2.0-or-later", .review), ("GPL-2.0", "GPL-2.0-only", .review),
        ("LGPL-2.1+", "LGPL-2.1-or-later", .allow), ("AGPL-3.0+", "AGPL-3.0-or-later", .deny),
        ("Apache-2.0+", "Apache-2.0+", .allow), ("MPL-2.0+", "MPL-2.0+", .allow), ("EPL-1.0+", "EPL-1.0+", .allow),
        ("CC-BY-NC-4.0+", "CC-BY-NC-4.0+", .deny),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", .review),
        ("gpl-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", .review),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0", .review),
        ("GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1", .review),
        ("eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0", .review),
        ("wxWindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1", .allow),
        ("wxWindows OR MIT", "LGPL-2.0-or-later WITH WxWindows-exception-3.1 OR MIT", .allow),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception", .allow),
        ("apache-2.0 with llvm-exception or mit", "Apache-2.0 WITH LLVM-exception OR MIT", .allow),
        ("MIT AND Apache-2.0 WITH Swift-exception", "MIT AND Apache-2.0 WITH Swift-exception", .allow),
        ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views", .allow), ("BSD-2-Clause-NetBSD", "BSD-2-Clause", .allow),
        ("StandardML-NJ", "SMLNJ", .allow), ("GPL-1.0", "GPL-1.0-only", .review),
        ("LicenseRef-acme-eula", "LicenseRef-acme-eula", .review),
        ("LicenseRef-acme-eula OR MIT", "LicenseRef-acme-eula OR MIT", .allow),
        ("LicenseRef-acme-eula AND MIT", "LicenseRef-acme-eula AND MIT", .review),
        (
            "DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2", "DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2",
            .review
        ),
        ("DocumentRef-x:LicenseRef-y AND MIT", "DocumentRef-x:LicenseRef-y AND MIT", .review),
        ("DocumentRef-x:MIT", "DocumentRef-x:MIT", .review), ("LicenseRef-llama3.1", "LicenseRef-llama3.1", .review),
        ("CC-BY-NC-SA-3.0-IGO", "CC-BY-NC-SA-3.0-IGO", .deny), ("CC-BY-3.0-DE", "CC-BY-3.0-DE", .allow),
        ("BUSL-1.1", "BUSL-1.1", .review), ("BSL-1.0 AND BUSL-1.1", "BSL-1.0 AND BUSL-1.1", .review),
        ("SSPL-1.0", "SSPL-1.0", .deny), ("Aladdin", "Aladdin", .deny), ("JSON", "JSON", .review),
        ("Elastic-2.0 OR SSPL-1.0", "Elastic-2.0 OR SSPL-1.0", .review),
        ("PolyForm-Noncommercial-1.0.0", "PolyForm-Noncommercial-1.0.0", .deny),
        ("Hippocratic-2.1 OR CC0-1.0", "Hippocratic-2.1 OR CC0-1.0", .allow), ("MIT OR", "MIT OR", .review),
        ("OR MIT", "OR MIT", .review), ("MIT AND OR Apache-2.0", "MIT AND OR Apache-2.0", .review),
        ("(MIT OR Apache-2.0", "(MIT OR Apache-2.0", .review), ("MIT Apache-2.0", "MIT Apache-2.0", .review),
        ("MIT WITH", "MIT WITH", .review), ("()", "()", .review), ("MIT/Apache-2.0", "MIT/Apache-2.0", .review),
        ("NOASSERTION", "unknown", .review), ("Custom Model License", "Custom Model License", .review),
        ("GPLv3+", "GPL-3.0-or-later", .review), ("Gemma AND CC-BY-NC-4.0", "LicenseRef-gemma AND CC-BY-NC-4.0", .deny),
        ("bsd-3-clause AND bsd", "BSD-3-Clause AND bsd", .review),
        ("LicenseRef-modified-Apache-2.0--non-commercial", "LicenseRef-modified-Apache-2.0--non-commercial", .deny),
        ("LicenseRef-modified-MIT", "LicenseRef-modified-MIT", .review),
    ]

    @Test("each expression reads as people read it, and is decided so")
    func expressions() throws {
        var lines: [String] = []
        for (declared, canonical, outcome) in Self.expressions {
            let expression = LicenseExpression(parsing: declared)
            #expect(expression.description == canonical)
            #expect(LicenseExpression(parsing: canonical).description == canonical, "canonical forms mean themselves")
            #expect(LicenseExpression(parsing: canonical).flags == expression.flags, "\(canonical)")
            let conclusion = LicenseLineage([.init(id: "a/m").with(card: [declared])]).conclusion(of: "a/m")
            let decision = try LicenseCorpus.decide(conclusion)
            #expect(decision.outcome == outcome, "\(declared): \(decision.explanation)")
            lines.append("\(declared): \(decision.explanation) | \(conclusion.chain.joined(separator: "; "))")
        }
        try LicenseCorpus.report("expressions", lines)
    }

    @Test("every identifier of the SPDX list and every exception is known without the texts")
    func spdxList() throws {
        let list = try LicenseCorpus.texts().list
        for entry in list.licenses {
            let expression = LicenseExpression(parsing: entry.id)
            #expect(expression.licenses.allSatisfy { $0.recognition == .spdx }, "\(entry.id)")
            if !entry.isDeprecated { #expect(expression.description == entry.id) }
        }
        for entry in list.exceptions { #expect(SPDXIdentifiers.exceptions[entry.id.lowercased()] == entry.id) }
    }

    @Test("deep and long expressions end in a licence nobody knows, not in a crash")
    func hostile() {
        let deep = String(repeating: "(", count: 900) + "MIT" + String(repeating: ")", count: 900)
        #expect(LicenseExpression(parsing: deep).licenses.first?.recognition == .unrecognised)
        let long = Array(repeating: "MIT", count: 600).joined(separator: " AND ")
        #expect(LicenseExpression(parsing: long).licenses.first?.recognition == .unrecognised)
    }
}

extension LicenseLineage.Node {
    func with(card: [String]) -> Self {
        var node = self
        node.card = card
        return node
    }
}
