import Testing

@testable import HubServer

@Suite("What file pages read")
struct RepositoryReadingTests {
    @Test("rows of separated values, with quotes, line feeds in them, short rows and a cut")
    func table() throws {
        let text = "id,text\n1,\"a, \"\"b\"\"\nc\"\n2\n3,x,y\n"
        let found = try #require(DelimitedText.table(text, separator: ",", limit: 10))
        #expect(found.columns == ["id", "text"] && !found.isCut)
        #expect(found.rows == [["1", "a, \"b\"\nc"], ["2", ""], ["3", "x", "y"]])
        let cut = try #require(DelimitedText.table(text, separator: ",", limit: 1))
        #expect(cut.rows.count == 1 && cut.isCut)
        #expect(DelimitedText.table("just words\nand more\n", separator: ",", limit: 10) == nil)
        #expect(DelimitedText.table("", separator: ",", limit: 10) == nil)
    }

    @Test("a mistake in the metadata is told with its line in the README")
    func problems() throws {
        #expect(CardProblems.of(Array("---\nlicense: mit\n---\n# x\n".utf8)).isEmpty)
        #expect(CardProblems.of(Array("# no card\n".utf8)).isEmpty)
        let broken = CardProblems.of(Array("---\nlicense: mit\ntags: [a, b\nlanguage: en\n---\n# x\n".utf8))
        let problem = try #require(broken.first)
        #expect(broken.count == 1 && (3...5).contains(problem.line ?? 0), "\(problem)")
        let list = CardProblems.of(Array("---\n- a\n- b\n---\n".utf8))
        #expect(list.first?.line == nil && list.count == 1)
    }
}
