import Foundation
import Testing

@testable import Policies

@Suite("Licence corpus: texts")
struct TextCorpusTests {
    struct Case: Sendable {
        let name: String
        /// The canonical expression that people read in it; nil: no licence that is known.
        let expected: String?
        let isModified: Bool
        let text: @Sendable () throws -> String

        init(
            _ name: String, _ expected: String?, isModified: Bool = false,
            _ text: @escaping @Sendable () throws -> String
        ) {
            self.name = name
            self.expected = expected
            self.isModified = isModified
            self.text = text
        }
    }

    private static func base(_ id: String) throws -> String { try LicenseCorpus.text(id) }

    private static let translation = """
        # 许可证
        本文件为英文许可证原文,仅供参考的中文译文见 LICENSE.zh。
        Diese Übersetzung ist nicht rechtsverbindlich; maßgeblich ist der folgende englische Text.


        """

    static let plain: [Case] =
        [
            "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSL-1.0", "ISC", "Zlib",
            "Unlicense", "WTFPL", "CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0",
            "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", "MPL-2.0", "EPL-2.0", "EUPL-1.2", "OpenMDW-1.0",
            "CDLA-Permissive-2.0",
            "OFL-1.1", "Artistic-2.0", "MS-PL", "NCSA", "PostgreSQL", "LGPLLR", "ODbL-1.0",
        ].map { id in
            Case("\(id), wrapped anew, years and names filled in", id) {
                TextNoise.wrapped(TextNoise.filled(try base(id)), width: 64)
            }
        }

    static let noisy: [Case] = [
        Case("GPL-3.0 in capitals", "GPL-3.0-only") { try base("GPL-3.0-only").uppercased() },
        Case("GPL-2.0 with Windows line ends", "GPL-2.0-only") {
            try base("GPL-2.0-only").replacing("\n", with: "\r\n")
        },
        Case("LGPL-2.1 as a shell comment", "LGPL-2.1-only") { TextNoise.comment(try base("LGPL-2.1-only")) },
        Case("AGPL-3.0 as a block comment", "AGPL-3.0-only") { TextNoise.block(try base("AGPL-3.0-only")) },
        Case("LGPL-3.0 without the GPL under it", "LGPL-3.0-only") {
            let text = try base("LGPL-3.0-only")
            let end = try #require(text.range(of: "GNU GENERAL PUBLIC LICENSE\nVersion 3"))
            return String(text[..<end.lowerBound])
        },
        Case("GPL-3.0 without preamble and instructions", "GPL-3.0-only") {
            let text = try base("GPL-3.0-only")
            let start = try #require(text.range(of: "TERMS AND CONDITIONS"))
            let end = try #require(text.range(of: "END OF TERMS AND CONDITIONS"))
            return String(text[start.lowerBound..<end.upperBound])
        },
        Case("Apache-2.0 without its appendix", "Apache-2.0") {
            let text = try base("Apache-2.0")
            let end = try #require(text.range(of: "END OF TERMS AND CONDITIONS"))
            return String(text[..<end.upperBound])
        },
        Case("MIT as HTML", "MIT") { TextNoise.html(TextNoise.filled(try base("MIT"))) },
        Case("CC-BY-4.0 as HTML", "CC-BY-4.0") { TextNoise.html(try base("CC-BY-4.0")) },
        Case("Apache-2.0 as Markdown", "Apache-2.0") { TextNoise.markdown(try base("Apache-2.0")) },
        Case("BSD-3-Clause with typographic quotes", "BSD-3-Clause") {
            TextNoise.curly(TextNoise.filled(try base("BSD-3-Clause")))
        },
        Case("MIT on one line", "MIT") { TextNoise.onOneLine(try base("MIT")) },
        Case("MIT without its title", "MIT") {
            TextNoise.filled(try base("MIT")).replacing("MIT License\n", with: "")
        },
        Case("Apache-2.0 under a translation's heading", "Apache-2.0") { translation + (try base("Apache-2.0")) },
        Case("MIT with British spelling", "MIT") { try base("MIT").replacing("sublicense", with: "sublicence") },
        Case("BSD-2-Clause with stars for list marks", "BSD-2-Clause") {
            try base("BSD-2-Clause").replacing("1. ", with: "* ").replacing("2. ", with: "* ")
        },
        Case("BSD-3-Clause with letters for list marks", "BSD-3-Clause") {
            try base("BSD-3-Clause").replacing("1. ", with: "(a) ").replacing("2. ", with: "(b) ")
                .replacing("3. ", with: "(c) ")
        },
        Case("BSD-3-Clause with a company where it names the holder", "BSD-3-Clause") {
            TextNoise.filled(try base("BSD-3-Clause"))
                .replacing("the copyright holder nor", with: "Acme Research Robotics Ltd. nor")
        },
        Case("MIT indented, with blank lines doubled", "MIT") {
            TextNoise.eachLine(try base("MIT")) { "      \($0)\n" }
        },
        Case("ISC with signs of no width", "ISC") {
            try base("ISC").replacing("permission", with: "per\u{200B}mission")
        },
        Case("MIT after a readme", "MIT") {
            "# Tiny model\n\nA model for birds. Train it with `make train`.\n\n## License\n\n"
                + TextNoise.filled(try base("MIT"))
        },
        Case("MIT with many holders", "MIT") {
            let holders = (0..<30).map { "Copyright (c) 20\($0 % 10 + 10) Person Number \($0)" }
            return try base("MIT").replacing(
                "Copyright (c) <year> <copyright holders>", with: holders.joined(separator: "\n"))
        },
    ]

    static let several: [Case] = [
        Case("MIT and Apache-2.0 in one file", "MIT AND Apache-2.0") {
            TextNoise.filled(try base("MIT")) + "\n\n-----\n\n" + (try base("Apache-2.0"))
        },
        Case("a choice of MIT and Apache-2.0", "MIT OR Apache-2.0") {
            "Licensed under either of the following, at your option.\n\n" + TextNoise.filled(try base("MIT"))
                + "\n\n-----\n\n" + (try base("Apache-2.0"))
        },
        Case("Apache-2.0 with the BSD-3-Clause of a library below", "Apache-2.0 AND BSD-3-Clause") {
            (try base("Apache-2.0")) + "\n\nlibfoo\n\n" + TextNoise.filled(try base("BSD-3-Clause"))
        },
        Case("the same MIT twice", "MIT") {
            TextNoise.filled(try base("MIT")) + "\n\nAnd for libbar:\n\n"
                + TextNoise.filled(try base("MIT"), holder: "Someone Else")
        },
        Case("GPL-3.0 with the notice of later versions above", "GPL-3.0-or-later") {
            """
            This program is free software: you can redistribute it and/or modify it under the terms of the GNU General
            Public License as published by the Free Software Foundation, either version 3 of the License, or (at your
            option) any later version.


            """ + (try base("GPL-3.0-only"))
        },
        Case("GPL-2.0 with the Classpath exception", "GPL-2.0-only WITH Classpath-exception-2.0") {
            (try base("GPL-2.0-only"))
                + "\n\n\"CLASSPATH\" EXCEPTION TO THE GPL\n\nSubject to the Classpath exception.\n"
        },
        Case("Apache-2.0 with the LLVM exceptions", "Apache-2.0 WITH LLVM-exception") {
            (try base("Apache-2.0"))
                + "\n\n--- LLVM Exceptions to the Apache 2.0 License ----\n\nAs an exception, if …\n"
        },
        Case("CC-BY-4.0 for data and MIT for code", "CC-BY-4.0 AND MIT") {
            "Data:\n\n" + (try base("CC-BY-4.0")) + "\n\nCode:\n\n" + TextNoise.filled(try base("MIT"))
        },
    ]

    static let short: [Case] = [
        Case("a line with an identifier", "Apache-2.0") { "# SPDX-License-Identifier: Apache-2.0\n" },
        Case("a line with an expression, in HTML", "MIT OR Apache-2.0") {
            "<!-- SPDX-License-Identifier: MIT OR Apache-2.0 -->"
        },
        Case("an identifier nobody knows", nil) { "// SPDX-License-Identifier: Acme-9.9" },
        Case("the notice of Apache-2.0", "Apache-2.0") {
            """
            Copyright 2024 Acme

            Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
            compliance with the License. You may obtain a copy of the License at

                http://www.apache.org/licenses/LICENSE-2.0

            Unless required by applicable law or agreed to in writing, software distributed under the License is
            distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
            See the License for the specific language governing permissions and limitations under the License.
            """
        },
        Case("the notice of the GPL, version 2 only", "GPL-2.0-only") {
            "This file is distributed under the terms of the GNU General Public License, version 2."
        },
        Case("the notice of the MPL", "MPL-2.0") {
            """
            This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was
            not distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
            """
        },
        Case("two words", "MIT") { "MIT License" },
        Case("a sentence", "CC-BY-NC-4.0") {
            "This model is licensed under the Creative Commons Attribution-NonCommercial 4.0 International License."
        },
        Case("a sentence with an abbreviation", "CC-BY-SA-4.0") { "Released under CC BY-SA 4.0." },
        Case("a licence that is only mentioned", nil) {
            "This model card was written by people who like long walks, and who have read many texts in their lives, "
                + "some of which, as for instance the MIT License, are shorter than others, which they do not mind."
        },
        Case("a readme", nil) { "# Model\n\nDownload the weights and run them. All is well that ends well." },
        Case("nothing", nil) { "" },
    ]

    static let vendors = titles.map { text, id in
        Case("the title of \(id)", id) {
            text
                + "\n\nBy using the materials you agree to these terms. They are not permitted to be used for weapons, "
                + "and commercial use requires what the terms say about commercial use.\n"
        }
    }

    private static let titles: [(String, String)] = [
        ("LLAMA 2 COMMUNITY LICENSE AGREEMENT\nLlama 2 Version Release Date: July 18, 2023", "LicenseRef-llama2"),
        ("META LLAMA 3 COMMUNITY LICENSE AGREEMENT\nMeta Llama 3 Version", "LicenseRef-llama3"),
        ("**LLAMA 3.1 COMMUNITY LICENSE AGREEMENT**\n\nLlama 3.1 Version", "LicenseRef-llama3.1"),
        ("LLAMA 3.2 COMMUNITY LICENSE AGREEMENT\n", "LicenseRef-llama3.2"),
        ("LLAMA 3.3 COMMUNITY LICENSE AGREEMENT\n", "LicenseRef-llama3.3"),
        ("LLAMA 4 COMMUNITY LICENSE AGREEMENT\n", "LicenseRef-llama4"),
        ("Gemma Terms of Use\n\nLast modified: a day in spring", "LicenseRef-gemma"),
        ("CreativeML Open RAIL-M\ndated a day in August", "LicenseRef-creativeml-openrail-m"),
        ("CreativeML Open RAIL++-M License\ndated a day in November", "LicenseRef-openrail++"),
        ("BigScience Open RAIL-M License\n", "LicenseRef-bigscience-openrail-m"),
        ("BigCode OpenRAIL-M v1 License Agreement\n", "LicenseRef-bigcode-openrail-m"),
        ("Apple Machine Learning Research Model License Agreement", "LicenseRef-apple-amlr"),
        ("FAIR Noncommercial Research License\n", "LicenseRef-fair-noncommercial-research-license"),
        ("Tongyi Qianwen LICENSE AGREEMENT\n", "LicenseRef-tongyi-qianwen"),
        ("Mistral AI Research License\n", "LicenseRef-mistral-research"),
        ("DEEPSEEK LICENSE AGREEMENT\nVersion 1.0", "LicenseRef-deepseek"),
    ]

    static let modified: [Case] = [
        Case(
            "Apache-2.0 with a non-commercial clause at the end", "LicenseRef-modified-Apache-2.0--non-commercial",
            isModified: true
        ) {
            (try base("Apache-2.0"))
                + "\n\n10. The Work and Derivative Works may be used for non-commercial purposes.\n"
        },
        Case(
            "Apache-2.0 with a non-commercial clause inside", "LicenseRef-modified-Apache-2.0--non-commercial",
            isModified: true
        ) {
            TextNoise.inserted(
                "\n\nThe licenses granted here extend to non-commercial use only and to nothing else.\n\n",
                after: "2. Grant of Copyright License.", in: try base("Apache-2.0"))
        },
        Case("MIT with one word more", "LicenseRef-modified-MIT--non-commercial", isModified: true) {
            try base("MIT").replacing("to deal in the Software", with: "to deal non-commercially in the Software")
        },
        Case("MIT with the grant turned round", "LicenseRef-modified-MIT", isModified: true) {
            try base("MIT").replacing("Permission is hereby granted", with: "Permission is not hereby granted")
        },
        Case("Apache-2.0 without its grant of patents", "LicenseRef-modified-Apache-2.0", isModified: true) {
            let text = try base("Apache-2.0")
            let start = try #require(text.range(of: "3. Grant of Patent License."))
            let end = try #require(text.range(of: "4. Redistribution."))
            return String(text[..<start.lowerBound] + text[end.lowerBound...])
        },
        Case("MIT with a clause against weapons", "LicenseRef-modified-MIT--use-restrictions", isModified: true) {
            TextNoise.filled(try base("MIT")) + "\nThe Software must not be used in weapons.\n"
        },
        Case(
            "Apache-2.0 under the Commons Clause", "LicenseRef-modified-Apache-2.0--non-commercial--use-restrictions",
            isModified: true
        ) {
            """
            Without limiting other conditions in the License, the grant of rights under the License will not include, and
            the License does not grant to you, the right to Sell the Software; the following restrictions hold. You may
            not sell what is made from it.


            """ + (try base("Apache-2.0"))
        },
        Case(
            "BSD-3-Clause with a clause about military use", "LicenseRef-modified-BSD-3-Clause--use-restrictions",
            isModified: true
        ) {
            TextNoise.inserted(
                "\n\n4. The software must not be used for military purposes.\n", after: "prior written permission.",
                in: TextNoise.filled(try base("BSD-3-Clause")))
        },
        Case("half of the GPL-3.0", "LicenseRef-modified-GPL-3.0-only", isModified: true) {
            TextNoise.cut(try base("GPL-3.0-only"), 0.82)
        },
        Case("Apache-2.0 cut off", "LicenseRef-modified-Apache-2.0", isModified: true) {
            TextNoise.cut(try base("Apache-2.0"), 0.75)
        },
        Case("CC-BY-4.0 with training reserved", "LicenseRef-modified-CC-BY-4.0--use-restrictions", isModified: true) {
            (try base("CC-BY-4.0")) + "\n\nAdditional terms: You may not use the material to train any model.\n"
        },
        Case("MIT with research only after the notice", "LicenseRef-modified-MIT--non-commercial", isModified: true) {
            TextNoise.filled(try base("MIT")) + "\nFor academic use only.\n"
        },
        Case(
            "a condition hidden in the line of the holder", "LicenseRef-modified-MIT--non-commercial", isModified: true
        ) {
            try base("MIT").replacing(
                "Copyright (c) <year> <copyright holders>",
                with: "Copyright (c) 2024 Acme. For non-commercial use only.")
        },
        Case(
            "a notice of Apache-2.0 with a clause", "LicenseRef-modified-Apache-2.0--non-commercial--use-restrictions",
            isModified: true
        ) {
            """
            Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
            compliance with the License. You may obtain a copy of the License at apache.org. Commercial use is prohibited
            and non-commercial use is free.
            """
        },
    ]

    static let cases = plain + noisy + several + short + vendors + modified

    @Test("each text is told as people read it")
    func texts() throws {
        let classifier = try LicenseCorpus.texts().classifier
        var lines: [String] = []
        for item in Self.cases {
            let match = classifier.classify(try item.text())
            let told = match.map { "\($0.expression) (\(Int($0.confidence * 100)) %): \($0.evidence)" } ?? "no licence"
            #expect(match?.expression.description == item.expected, "\(item.name): \(told)")
            #expect((match?.isModified ?? false) == item.isModified, "\(item.name): \(told)")
            if item.isModified { #expect((match?.confidence ?? 1) < 0.9, "\(item.name): \(told)") }
            lines.append("\(item.name): \(told)")
        }
        try LicenseCorpus.report("texts", lines)
    }

    @Test("the text of each licence on the list is that licence, or one with the same words")
    func wholeList() throws {
        let texts = try LicenseCorpus.texts()
        var others: [String] = []
        // Every third: all of them take a minute where tests are built without optimisation.
        for (index, entry) in texts.list.licenses.enumerated() where index % 3 == 0 && !entry.text.isEmpty {
            let found = texts.classifier.classify(entry.text)
            if found?.expression.description != entry.id {
                others.append("\(entry.id): \(found?.evidence ?? "no licence")")
            }
        }
        // Identifiers that differ by "or later", by invariant sections or by a reserved font name share their words.
        let twins = ["-or-later", "-invariants-only", "RFN", "no-copyleft-exception", "Combined-Work-Exception"]
        let unexpected = others.filter { line in !twins.contains { line.prefix { $0 != ":" }.hasSuffix($0) } }
        #expect(unexpected.count <= 2, "\(unexpected)")
        try LicenseCorpus.report("whole-list", others)
    }
}
