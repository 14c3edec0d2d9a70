import DataTools
import HubCore

/// Columns as `datasets` names their types.
/// - SeeAlso: huggingface/dataset-viewer, "first rows"; `datasets.Features`.
struct DatasetFeatures {
    /// Names of classes by column, as the card tells them.
    private let labels: [String: [String]]

    init(_ card: Card, config: String) {
        var labels: [String: [String]] = [:]
        let said: JSONValue?
        if case .array(let infos) = card.data?["dataset_info"] {
            said = infos.first { $0["config_name"]?.scalarText == config } ?? infos.first
        } else {
            said = card.data?["dataset_info"]
        }
        if case .array(let features) = said?["features"] {
            for feature in features.prefix(4_096) {
                guard let name = feature["name"]?.scalarText,
                    let names = (feature["dtype"]?["class_label"] ?? feature["class_label"])?["names"]
                else { continue }
                switch names {
                case .object(let members):
                    labels[name] = members.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
                        .compactMap(\.value.scalarText)
                case .array(let values): labels[name] = values.compactMap(\.scalarText)
                default: break
                }
            }
        }
        self.labels = labels
    }

    /// The names of a column's classes; nil where its numbers are numbers.
    func classes(of column: TableColumn) -> [String]? { column.type.isInteger ? labels[column.name] : nil }

    func write(_ column: TableColumn, to json: inout JSONWriter) {
        if let names = classes(of: column) {
            json.object { json in
                json.member("names", names)
                json.member("_type", "ClassLabel")
            }
        } else {
            write(column.type, to: &json)
        }
    }

    private func write(_ type: ColumnType, to json: inout JSONWriter) {
        switch type.kind {
        case .list, .array:
            json.object { json in
                json.key("feature")
                write(type.children[0], to: &json)
                if type.kind == .array { json.member("length", type.size) }
                json.member("_type", "List")
            }
        case .structure where ColumnType.isMedia(type): json.object { $0.member("_type", "Image") }
        case .structure:
            json.object { json in
                for (name, child) in zip(type.names, type.children) {
                    json.key(name)
                    write(child, to: &json)
                }
            }
        case .map:
            json.object { json in
                json.object("feature") { json in
                    for (name, child) in zip(["key", "value"], type.children) {
                        json.key(name)
                        write(child, to: &json)
                    }
                }
                json.member("_type", "List")
            }
        default:
            json.object { json in
                json.member("dtype", Self.dtype(type))
                json.member("_type", "Value")
            }
        }
    }

    static func dtype(_ type: ColumnType) -> String {
        switch type.kind {
        case .boolean: "bool"
        case .text, .enumeration, .uuid, .union, .other: "string"
        case .blob: "binary"
        case .date: "date32"
        case .time: "time64[us]"
        case .timestamp: "timestamp[\(type.unit)]"
        case .timestampTZ: "timestamp[\(type.unit), tz=UTC]"
        case .interval: "duration[us]"
        case .decimal: "decimal128(\(type.width), \(type.size))"
        case .int128, .uint128: "float64"
        default: type.kind.rawValue
        }
    }
}
