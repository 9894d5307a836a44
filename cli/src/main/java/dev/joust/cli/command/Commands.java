// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import picocli.CommandLine;

/// All commands, by name.
public final class Commands {
    private static final Map<String, Function<Context, Object>> AVAILABLE = new LinkedHashMap<>();

    static {
        AVAILABLE.put("info", InfoCommand::new);
        AVAILABLE.put("schema", SchemaCommand::new);
        AVAILABLE.put("count", CountCommand::new);
        AVAILABLE.put("scan", ScanCommand::new);
        AVAILABLE.put("head", HeadCommand::new);
        AVAILABLE.put("take", TakeCommand::new);
        AVAILABLE.put("import", ImportCommand::new);
        AVAILABLE.put("export", ExportCommand::new);
        AVAILABLE.put("search", SearchCommand::new);
        AVAILABLE.put("delete", DeleteCommand::new);
        AVAILABLE.put("update", UpdateCommand::new);
        AVAILABLE.put("merge", MergeCommand::new);
        AVAILABLE.put("column", _ -> new ColumnCommand());
        AVAILABLE.put("compact", CompactCommand::new);
        AVAILABLE.put("optimize", OptimizeCommand::new);
        AVAILABLE.put("cleanup", CleanupCommand::new);
        AVAILABLE.put("versions", VersionsCommand::new);
        AVAILABLE.put("restore", RestoreCommand::new);
        AVAILABLE.put("index", _ -> new IndexCommand());
        AVAILABLE.put("tag", _ -> new TagCommand());
        AVAILABLE.put("branch", _ -> new BranchCommand());
        AVAILABLE.put("validate", ValidateCommand::new);
        AVAILABLE.put("copy", CopyCommand::new);
        AVAILABLE.put("doctor", DoctorCommand::new);
        AVAILABLE.put("embed", EmbedCommand::new);
        AVAILABLE.put("images", _ -> new ImagesCommand());
        AVAILABLE.put("serve", ServeCommand::new);
        AVAILABLE.put("file", _ -> new FileCommand());
        AVAILABLE.put("manifest", _ -> new ManifestCommand());
        AVAILABLE.put("bench", BenchCommand::new);
    }

    private static final List<String> NOT_YET = List.of(
            "fts", "explain", "analyze");

    private Commands() {}

    /// Adds to `root` what it needs to run `name`; all commands where that names none, so that help can list them.
    public static void addTo(CommandLine root, Context context, String name) {
        if (AVAILABLE.containsKey(name)) {
            add(root, context, name);
            return;
        }
        AVAILABLE.keySet().forEach(each -> add(root, context, each));
        NOT_YET.forEach(each -> root.addSubcommand(each, new NotYet(each)));
    }

    private static void add(CommandLine root, Context context, String name) {
        CommandLine command = new CommandLine(AVAILABLE.get(name).apply(context));
        if (name.equals("images")) {
            command.addSubcommand(new ImagesAddCommand(context));
            command.addSubcommand(new ImagesSearchCommand(context));
            command.addSubcommand(new ImagesListCommand(context));
            command.addSubcommand(new ImagesCommand.Show(context));
            command.addSubcommand(new ImagesCommand.Delete(context));
            command.addSubcommand(new ImagesCommand.Restore(context));
            command.addSubcommand(new ImagesCommand.Purge(context));
            command.addSubcommand(new ImagesRefillCommand(context));
            command.addSubcommand(new ImagesCleanupCommand(context));
            CommandLine vectors = new CommandLine(new ImagesVectorsCommand());
            vectors.addSubcommand(new ImagesVectorsCommand.Add(context));
            vectors.addSubcommand(new ImagesVectorsCommand.ListColumns(context));
            command.addSubcommand("vectors", vectors);
        }
        if (name.equals("index")) {
            command.addSubcommand(new IndexCommand.Create(context));
            command.addSubcommand(new IndexCommand.ListIndices(context));
            command.addSubcommand(new IndexCommand.Stats(context));
            command.addSubcommand(new IndexCommand.Drop(context));
            command.addSubcommand(new IndexOptimizeCommand(context));
            command.addSubcommand(new IndexRecallCommand(context));
        }
        if (name.equals("tag")) {
            command.addSubcommand(new TagCommand.Create(context));
            command.addSubcommand(new TagCommand.ListTags(context));
            command.addSubcommand(new TagCommand.Delete(context));
        }
        if (name.equals("branch")) {
            command.addSubcommand(new BranchCommand.Create(context));
            command.addSubcommand(new BranchCommand.ListBranches(context));
            command.addSubcommand(new BranchCommand.Delete(context));
        }
        if (name.equals("column")) {
            command.addSubcommand(new ColumnCommand.Add(context));
            command.addSubcommand(new ColumnCommand.Drop(context));
            command.addSubcommand(new ColumnCommand.Rename(context));
            command.addSubcommand(new ColumnCommand.Cast(context));
        }
        if (name.equals("manifest")) {
            command.addSubcommand(new ManifestCommand.Show(context));
            command.addSubcommand(new ManifestCommand.Diff(context));
        }
        if (name.equals("file")) {
            command.addSubcommand(new FileCommand.Meta(context));
            command.addSubcommand(new FileCommand.Pages(context));
        }
        root.addSubcommand(name, command);
    }
}
