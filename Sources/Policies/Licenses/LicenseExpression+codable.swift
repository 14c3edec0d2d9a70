extension LicenseExpression: Codable {
    private enum Key: String, CodingKey {
        case all
        case any
    }

    /// Reads what was written; how the card spelled the identifiers is not kept.
    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.init(parsing: text)
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        if container.contains(.any) {
            self = .any(try container.decode([LicenseExpression].self, forKey: .any))
        } else {
            self = .all(try container.decode([LicenseExpression].self, forKey: .all))
        }
    }

    /// Writes one licence as its text, and several as `{"all": […]}` or `{"any": […]}`: among names that nobody knows
    /// there are some that no parser could tell from an expression.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .license, .with:
            var container = encoder.singleValueContainer()
            try container.encode(description)
        case .all(let parts):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(parts, forKey: .all)
        case .any(let parts):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(parts, forKey: .any)
        }
    }
}
