// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.proto.file.Dictionary;
import dev.joust.format.internal.proto.file.Encoding;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

/// {@link Schema} from and to the flat list of field messages that data files and manifests hold: pre-order, the tree
/// in `id` and `parent_id` (spec: file format 1.3).
public final class SchemaCodec {
    private static final int TOP_LEVEL = -1;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_TYPE_LENGTH = 1024;
    private static final String PRIMARY_KEY = "lance-schema:unenforced-primary-key";
    private static final String CLUSTERING_KEY = "lance-schema:unenforced-clustering-key";

    private SchemaCodec() {}

    /// @param at where the message is, for errors
    public static Schema parse(ByteCursor at, dev.joust.format.internal.proto.file.Schema message) {
        return parse(at, message.getFieldsList(), MapEntriesCodec.bytes(message.getMetadataList()));
    }

    /// @param at where the messages are, for errors
    public static Schema parse(
            ByteCursor at,
            List<dev.joust.format.internal.proto.file.Field> fields,
            Map<String, ByteString> metadata) {
        List<Node> roots = new ArrayList<>();
        Map<Integer, Node> nodesById = new HashMap<>();
        Node lastWithId = null;
        for (var message : fields) {
            if (message.getLogicalType().length() > MAX_TYPE_LENGTH) {
                throw at.corrupt("schema", "field '" + message.getName() + "' has a type of "
                        + message.getLogicalType().length() + " characters");
            }
            Node node = new Node(message, LogicalTypes.parse(message.getLogicalType()));
            Node parent = message.getParentId() == TOP_LEVEL
                    ? strayParent(lastWithId, message)
                    : nodesById.get(message.getParentId());
            if (parent != null && !hasChildren(parent.type)) {
                throw at.corrupt("schema", "field '" + message.getName() + "' (id " + message.getId()
                        + ") names parent " + message.getParentId() + ", whose type is "
                        + LogicalTypes.format(parent.type));
            }
            if (parent != null) {
                node.depth = parent.depth + 1;
                parent.children.add(node);
            } else if (message.getParentId() == TOP_LEVEL) {
                roots.add(node);
            } else {
                throw at.corrupt("schema", "field '" + message.getName() + "' (id " + message.getId()
                        + ") names parent " + message.getParentId() + ", which does not come before it");
            }
            if (node.depth > MAX_DEPTH) {
                throw at.corrupt("schema", "field '" + message.getName() + "' is nested more than " + MAX_DEPTH + " deep");
            }
            if (message.getId() != Field.UNASSIGNED && nodesById.put(message.getId(), node) != null) {
                throw at.corrupt("schema", "two fields have id " + message.getId());
            }
            lastWithId = message.getId() == Field.UNASSIGNED ? lastWithId : node;
        }
        for (Node node : nodesById.values()) {
            if (node.children.size() != 1 && (node.type instanceof LogicalType.List || node.type instanceof LogicalType.Map)) {
                throw at.corrupt("schema", "field '" + node.message.getName() + "' of type "
                        + LogicalTypes.format(node.type) + " has " + node.children.size() + " children, needs one");
            }
        }
        return new Schema(roots.stream().map(Node::toField).toList(), text(metadata));
    }

    public static dev.joust.format.internal.proto.file.Schema toMessage(Schema schema) {
        return dev.joust.format.internal.proto.file.Schema.newBuilder()
                .addAllFields(toMessages(schema, List.of()))
                .addAllMetadata(MapEntriesCodec.ofBytes(bytes(schema.metadata())))
                .build();
    }

    /// @param earlier messages that the schema was read from: what they hold beyond our model is kept, matched by id
    public static List<dev.joust.format.internal.proto.file.Field> toMessages(
            Schema schema, List<dev.joust.format.internal.proto.file.Field> earlier) {
        Map<Integer, dev.joust.format.internal.proto.file.Field> earlierById = new HashMap<>();
        earlier.forEach(message -> earlierById.put(message.getId(), message));
        List<dev.joust.format.internal.proto.file.Field> messages = new ArrayList<>();
        for (Field field : schema.fields()) {
            addMessages(field, TOP_LEVEL, earlierById, messages);
        }
        return messages;
    }

    /// Metadata as messages hold it, in the order of its keys.
    public static Map<String, ByteString> bytes(Map<String, String> metadata) {
        Map<String, ByteString> bytes = new LinkedHashMap<>();
        new TreeMap<>(metadata).forEach((key, value) -> bytes.put(key, ByteString.copyFromUtf8(value)));
        return bytes;
    }

    /// Metadata from a message's form.
    public static Map<String, String> text(Map<String, ByteString> metadata) {
        Map<String, String> text = new HashMap<>();
        metadata.forEach((key, value) -> text.put(key, value.toString(StandardCharsets.UTF_8)));
        return text;
    }

    private static void addMessages(
            Field field,
            int parentId,
            Map<Integer, dev.joust.format.internal.proto.file.Field> earlierById,
            List<dev.joust.format.internal.proto.file.Field> target) {
        var earlier = earlierById.get(field.id());
        var message = earlier == null
                ? dev.joust.format.internal.proto.file.Field.newBuilder()
                : earlier.toBuilder().clearMetadata();
        message.setName(field.name())
                .setId(field.id())
                .setParentId(parentId)
                .setLogicalType(LogicalTypes.format(field.type()))
                .setNullable(field.nullable())
                .addAllMetadata(MapEntriesCodec.ofBytes(bytes(field.metadata())));
        if (earlier == null) {
            message.setEncoding(encodingHint(field.type()));
        }
        if (field.type() instanceof LogicalType.Dictionary && earlier == null) {
            message.setDictionary(Dictionary.getDefaultInstance());
        }
        String extensionName = field.metadata().get(Field.EXTENSION_NAME);
        message.setExtensionName(extensionName == null ? "" : extensionName);
        if (isTruthy(field.metadata().get(PRIMARY_KEY)) || field.metadata().containsKey(PRIMARY_KEY + ":position")) {
            message.setUnenforcedPrimaryKey(true)
                    .setUnenforcedPrimaryKeyPosition(position(field.metadata().get(PRIMARY_KEY + ":position")));
        }
        if (isTruthy(field.metadata().get(CLUSTERING_KEY))
                || field.metadata().containsKey(CLUSTERING_KEY + ":position")) {
            message.setUnenforcedClusteringKey(true)
                    .setUnenforcedClusteringKeyPosition(position(field.metadata().get(CLUSTERING_KEY + ":position")));
        }
        target.add(message.build());
        for (Field child : field.children()) {
            addMessages(child, isDescriptor(field) && child.id() == Field.UNASSIGNED ? TOP_LEVEL : field.id(), earlierById, target);
        }
    }

    /// Whether the field is a blob's descriptor: see {@link #strayParent}.
    private static boolean isDescriptor(Field field) {
        return field.type() instanceof LogicalType.Struct
                && isTruthy(field.metadata().get("lance-encoding:blob"))
                && isTruthy(field.metadata().get("lance-encoding:packed"));
    }

    /// Meaningless since 2.0, but the reference writes it.
    private static Encoding encodingHint(LogicalType type) {
        return switch (type) {
            case LogicalType.Struct _, LogicalType.Null _ -> Encoding.NONE;
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> Encoding.VAR_BINARY;
            case LogicalType.Dictionary _ -> Encoding.DICTIONARY;
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.FixedSizeList _, LogicalType.List _, LogicalType.Map _,
                    LogicalType.BFloat16 _ -> Encoding.PLAIN;
        };
    }

    private static boolean isTruthy(@Nullable String value) {
        return value != null && switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            default -> false;
        };
    }

    private static int position(@Nullable String value) {
        try {
            return value == null ? 0 : Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean hasChildren(LogicalType type) {
        return switch (type) {
            case LogicalType.Struct _, LogicalType.List _, LogicalType.Map _, LogicalType.FixedSizeList _ -> true;
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.Dictionary _, LogicalType.Json _, LogicalType.BFloat16 _ -> false;
        };
    }

    /// The file schema of a blob column lists the descriptor's fields as top-level ones, without ids: they belong to
    /// the struct before them (spec: file format 8.2).
    private static @Nullable Node strayParent(
            @Nullable Node last, dev.joust.format.internal.proto.file.Field message) {
        return message.getId() == Field.UNASSIGNED
                        && last != null
                        && last.type instanceof LogicalType.Struct
                        && isTruthy(metadata(last, "lance-encoding:blob"))
                        && isTruthy(metadata(last, "lance-encoding:packed"))
                ? last
                : null;
    }

    private static @Nullable String metadata(Node node, String key) {
        ByteString value = MapEntriesCodec.bytes(node.message.getMetadataList()).get(key);
        return value == null ? null : value.toStringUtf8();
    }

    /// A field whose children are still being collected.
    private static final class Node {
        final dev.joust.format.internal.proto.file.Field message;
        final LogicalType type;
        final List<Node> children = new ArrayList<>();
        int depth;

        Node(dev.joust.format.internal.proto.file.Field message, LogicalType type) {
            this.message = message;
            this.type = type;
        }

        Field toField() {
            Map<String, String> metadata = text(MapEntriesCodec.bytes(message.getMetadataList()));
            if (!message.getExtensionName().isEmpty()) {
                metadata.putIfAbsent(Field.EXTENSION_NAME, message.getExtensionName());
            }
            return new Field(
                    message.getId(),
                    message.getName(),
                    type,
                    message.getNullable(),
                    children.stream().map(Node::toField).toList(),
                    metadata);
        }
    }
}
