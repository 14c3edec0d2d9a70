import Testing

@Suite struct PlaceholderPoliciesTests {
    @Test func compiles() { #expect(Bool(true)) }
}
