import Testing

@testable import Policies

@Suite("Licences")
struct LicenseTests {
    /// Every identifier of Hugging Face's list (83) and what it means.
    static let hub: [(String, String)] = [
        ("apache-2.0", "Apache-2.0"), ("mit", "MIT"), ("openrail", "openrail"),
        ("bigscience-openrail-m", "LicenseRef-bigscience-openrail-m"),
        ("creativeml-openrail-m", "LicenseRef-creativeml-openrail-m"),
        ("bigscience-bloom-rail-1.0", "LicenseRef-bigscience-bloom-rail-1.0"),
        ("bigcode-openrail-m", "LicenseRef-bigcode-openrail-m"), ("afl-3.0", "AFL-3.0"),
        ("artistic-2.0", "Artistic-2.0"), ("bsl-1.0", "BSL-1.0"), ("bsd", "bsd"), ("bsd-2-clause", "BSD-2-Clause"),
        ("bsd-3-clause", "BSD-3-Clause"), ("bsd-3-clause-clear", "BSD-3-Clause-Clear"), ("c-uda", "C-UDA-1.0"),
        ("cc", "cc"), ("cc0-1.0", "CC0-1.0"), ("cc-by-2.0", "CC-BY-2.0"), ("cc-by-2.5", "CC-BY-2.5"),
        ("cc-by-3.0", "CC-BY-3.0"), ("cc-by-4.0", "CC-BY-4.0"), ("cc-by-sa-3.0", "CC-BY-SA-3.0"),
        ("cc-by-sa-4.0", "CC-BY-SA-4.0"), ("cc-by-nc-2.0", "CC-BY-NC-2.0"), ("cc-by-nc-3.0", "CC-BY-NC-3.0"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"), ("cc-by-nd-4.0", "CC-BY-ND-4.0"), ("cc-by-nc-nd-3.0", "CC-BY-NC-ND-3.0"),
        ("cc-by-nc-nd-4.0", "CC-BY-NC-ND-4.0"), ("cc-by-nc-sa-2.0", "CC-BY-NC-SA-2.0"),
        ("cc-by-nc-sa-3.0", "CC-BY-NC-SA-3.0"), ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
        ("cdla-sharing-1.0", "CDLA-Sharing-1.0"), ("cdla-permissive-1.0", "CDLA-Permissive-1.0"),
        ("cdla-permissive-2.0", "CDLA-Permissive-2.0"), ("wtfpl", "WTFPL"), ("ecl-2.0", "ECL-2.0"),
        ("epl-1.0", "EPL-1.0"), ("epl-2.0", "EPL-2.0"), ("etalab-2.0", "etalab-2.0"), ("eupl-1.1", "EUPL-1.1"),
        ("eupl-1.2", "EUPL-1.2"), ("agpl-3.0", "AGPL-3.0-only"), ("gfdl", "gfdl"), ("gpl", "gpl"),
        ("gpl-2.0", "GPL-2.0-only"), ("gpl-3.0", "GPL-3.0-only"), ("lgpl", "lgpl"), ("lgpl-2.1", "LGPL-2.1-only"),
        ("lgpl-3.0", "LGPL-3.0-only"), ("isc", "ISC"), ("h-research", "LicenseRef-h-research"),
        ("intel-research", "LicenseRef-intel-research"), ("lppl-1.3c", "LPPL-1.3c"), ("ms-pl", "MS-PL"),
        ("apple-ascl", "LicenseRef-apple-ascl"), ("apple-amlr", "LicenseRef-apple-amlr"), ("mpl-2.0", "MPL-2.0"),
        ("odc-by", "ODC-By-1.0"), ("odbl", "ODbL-1.0"), ("openmdw-1.0", "OpenMDW-1.0"), ("openmdw-1.1", "OpenMDW-1.1"),
        ("openrail++", "LicenseRef-openrail++"), ("osl-3.0", "OSL-3.0"), ("postgresql", "PostgreSQL"),
        ("ofl-1.1", "OFL-1.1"), ("ncsa", "NCSA"), ("unlicense", "Unlicense"), ("zlib", "Zlib"), ("pddl", "PDDL-1.0"),
        ("lgpl-lr", "LGPLLR"), ("deepfloyd-if-license", "LicenseRef-deepfloyd-if-license"),
        ("fair-noncommercial-research-license", "LicenseRef-fair-noncommercial-research-license"),
        ("llama2", "LicenseRef-llama2"), ("llama3", "LicenseRef-llama3"), ("llama3.1", "LicenseRef-llama3.1"),
        ("llama3.2", "LicenseRef-llama3.2"), ("llama3.3", "LicenseRef-llama3.3"), ("llama4", "LicenseRef-llama4"),
        ("grok2-community", "LicenseRef-grok2-community"), ("gemma", "LicenseRef-gemma"), ("unknown", "unknown"),
        ("other", "other"),
    ]

    @Test("each of the 83 Hugging Face identifiers means one known licence")
    func hubIdentifiers() {
        #expect(Self.hub.count == 83)
        for (declared, id) in Self.hub {
            let license = License.normalize(declared)
            #expect(license.id == id)
            #expect(license.recognition != .unrecognised, "\(declared)")
            #expect(License.normalize(declared.uppercased()).id == id, "case does not count")
            #expect(License.normalize(id).id == id, "a canonical identifier means itself")
        }
    }

    @Test(
        "obligations follow from the identifier",
        arguments: [
            ("cc-by-nc-sa-4.0", [.attribution, .nonCommercial, .shareAlike]),
            ("cc-by-nd-4.0", [.attribution, .noDerivatives]), ("cc0-1.0", []), ("mit", [.attribution]),
            ("agpl-3.0", [.attribution, .strongCopyleft, .networkCopyleft]),
            ("lgpl-3.0", [.attribution, .weakCopyleft]),
            ("openrail++", [.attribution, .useRestrictions]),
            ("llama3.1", [.attribution, .acceptableUsePolicy, .naming, .userCap, .gatedAcceptance]),
            ("gpl", [.attribution, .strongCopyleft, .familyAmbiguous, .noInformation]), ("other", [.noInformation]),
            ("My very own licence", [.noInformation]),
        ] as [(String, Set<LicenseFlag>)])
    func flags(_ declared: String, _ flags: Set<LicenseFlag>) {
        #expect(License.normalize(declared).flags == flags)
    }

    @Test("bsl-1.0 is Boost and not Business Source")
    func boost() {
        #expect(License.normalize("bsl-1.0").flags == [.attribution])
        #expect(License.normalize("BUSL-1.1").flags.contains(.useRestrictions))
    }

    @Test(
        "expressions keep their structure",
        arguments: [
            ("MIT OR Apache-2.0", "MIT OR Apache-2.0"), ("mit and cc-by-4.0", "MIT AND CC-BY-4.0"),
            ("MIT OR Apache-2.0 AND GPL-3.0", "MIT OR (Apache-2.0 AND GPL-3.0-only)"),
            ("(MIT OR Apache-2.0) AND CC-BY-4.0", "(MIT OR Apache-2.0) AND CC-BY-4.0"),
            ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
            ("MIT OR", "MIT OR"), ("gpl-3.0+", "GPL-3.0-or-later"), ("Apache License 2.0", "Apache-2.0"),
        ])
    func expressions(_ declared: String, _ canonical: String) {
        #expect(LicenseExpression(parsing: declared).description == canonical)
    }

    @Test(
        "lists: deny, then review, then allow; '*' stands for what no other entry names",
        arguments: [
            ("allow: [MIT]", ["mit"], .allow), ("allow: [MIT]", ["apache-2.0"], .deny),
            ("allow: [MIT], review: [\"*\"]", ["mit"], .allow), ("allow: [MIT], review: [\"*\"]", ["gpl-3.0"], .review),
            ("deny: [\"flag:non-commercial\"]", ["cc-by-nc-4.0"], .deny),
            ("deny: [\"flag:non-commercial\"]", ["mit"], .allow),
            ("allow: [MIT], deny: [MIT]", ["mit"], .deny), ("allow: [MIT], review: [MIT]", ["mit"], .review),
            ("review: [\"LicenseRef-llama*\"]", ["llama3.1"], .review), ("review: [llama3.1]", ["llama3.1"], .review),
            ("review: [\"llama*\"]", ["llama3.1"], .review), ("review: [llama3]", ["llama3.1"], .allow),
            ("review: [other]", ["My own"], .review), ("review: [other]", ["other"], .review),
            ("review: [unknown]", [], .review), ("review: [unknown]", ["other"], .allow),
            ("allow: [MIT]", ["MIT OR GPL-3.0-only"], .allow), ("allow: [MIT]", ["MIT AND GPL-3.0-only"], .deny),
            ("allow: [MIT]", ["mit", "gpl-3.0"], .deny), ("allow: [MIT, GPL-3.0]", ["mit", "gpl-3.0"], .allow),
            ("allow: [gpl]", ["gpl"], .allow), ("deny: [\"flag:strong-copyleft\"]", ["gpl-3.0 OR mit"], .allow),
            (
                "allow: [\"GPL-2.0-only WITH Classpath-exception-2.0\"]",
                ["GPL-2.0-only WITH Classpath-exception-2.0"], .allow
            ),
            ("allow: [\"GPL-2.0-only WITH Classpath-exception-2.0\"]", ["gpl-2.0"], .deny),
        ] as [(String, [String], Decision.Outcome)])
    func lists(_ lists: String, _ declared: [String], _ outcome: Decision.Outcome) throws {
        let fact: LicenseFact = declared.isEmpty ? .unknown : .declared(declared)
        let decision = try PolicyFixtures.decide(
            "  license: {\(lists)}\n", Facts(kind: "model", repository: "a/b", licenses: fact))
        #expect(decision.outcome == outcome, "\(decision.explanation)")
    }
}
