import Testing

@Suite struct PlaceholderSQLTests {
    @Test func compiles() { #expect(Bool(true)) }
}
