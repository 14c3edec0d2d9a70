import Foundation
import Policies
import Testing

@testable import MirrorGateway

@Suite("Texts of licences to compare with")
struct LicenseTextComparisonTests {
    private static let words = "Permission is hereby granted to anybody who asks for it politely and twice a day"

    private static func file(_ json: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString).json")
        try Data(json.utf8).write(to: file)
        return file.path
    }

    private static func texts(_ text: String) -> String {
        #"{"version": "9.1", "licenses": [{"id": "MIT", "name": "MIT License", "text": "\#(text)"}]}"#
    }

    @Test("their version is known without them, and they are there for whoever compares, one or many at once")
    func compared() async throws {
        let file = try Self.file(Self.texts(Self.words))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let comparison = LicenseTextComparison(file: file)
        let before = await comparison.version()
        #expect(before.hasPrefix("9.1/"))
        #expect(await comparison.isReady())
        #expect(await comparison.problem() == nil)
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<8 {
                group.addTask { await comparison.classify(Array(Self.words.utf8))?.parts.first?.license }
            }
            for await license in group { #expect(license == "MIT") }
        }
        #expect(await comparison.classify(Array("Nothing of what a licence says.".utf8)) == nil)
        #expect(await comparison.version() == before)
    }

    @Test(
        "texts that cannot be read are told of before there is anything to compare",
        arguments: ["{", #"{"version": "9.1", "licenses": []}"#, #"{"version": "9.1", "licenses": [{"id": "MIT"}]}"#])
    func broken(json: String) async throws {
        let file = try Self.file(json)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let comparison = LicenseTextComparison(file: file)
        let problem = try #require(await comparison.problem())
        #expect(problem.contains("licence texts"))
        #expect(await comparison.isReady() == false)
        #expect(await comparison.version().hasPrefix("-/"))
        #expect(await comparison.classify(Array(Self.words.utf8)) == nil)
        #expect(await LicenseTextComparison(file: file + ".none").problem()?.contains(".none") == true)
    }
}
