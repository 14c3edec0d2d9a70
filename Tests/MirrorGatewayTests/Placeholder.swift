import Testing

@Suite struct PlaceholderMirrorGatewayTests {
    @Test func compiles() { #expect(Bool(true)) }
}
