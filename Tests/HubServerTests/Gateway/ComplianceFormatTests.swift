import HubCore
import MirrorGateway
import Policies
import Testing

@testable import HubServer

@Suite("Forms of compliance reports")
struct ComplianceFormatTests {
    @Test(
        "cells that a spreadsheet would take for formulas are texts, and quotes stay in their cell",
        arguments: [
            ("acme/demo", "acme/demo"), ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""), ("a,\"b\"", "\"a,\"\"b\"\"\""), ("two\nlines", "two lines"),
            ("\t=1", "\"' =1\""), (" =1", "\"' =1\""), ("＝1", "\"'＝1\""), ("", ""),
        ] as [(String, String)])
    func cells(text: String, expected: String) { #expect(ComplianceCSV.cell(text) == expected) }

    @Test(
        "licences that SPDX's list does not have are the document's own",
        arguments: [
            ("mit", "MIT"), ("llama3", "LicenseRef-llama3"), ("mit OR apache-2.0", "MIT OR Apache-2.0"),
            ("(mit OR llama3) AND apache-2.0", "(MIT OR LicenseRef-llama3) AND Apache-2.0"),
            ("no such thing, \"really\"", "LicenseRef-no-such-thing---really-"), ("unknown", "NOASSERTION"),
            ("gpl-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ] as [(String, String)])
    func spdx(declared: String, expected: String) {
        var references = SPDXReferences()
        #expect(references.text(LicenseExpression(parsing: declared)) == expected)
        let names = references.all.map(\.id)
        #expect(names.allSatisfy { expected.contains($0) })
        #expect(expected.contains("LicenseRef-") == !names.isEmpty)
    }

    @Test("an empty report of each form is whole", arguments: ComplianceFormatName.allCases)
    func empty(name: ComplianceFormatName) {
        var format = name.format
        let head = ComplianceHead(
            organisation: "a \"b\"", generatedAt: 1_700_000_000_000, policyDigest: nil, version: "1", id: "x")
        let text = format.beginning(head) + format.end()
        if name != .csv { #expect(JSONText.decode(text) != nil, "\(text)") }
    }
}
