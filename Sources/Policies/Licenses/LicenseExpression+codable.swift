extension LicenseExpression: Codable {
    /// Reads the canonical text of an expression.
    package init(from decoder: any Decoder) throws {
        self.init(parsing: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the canonical text; how the card spelled it is not kept.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
