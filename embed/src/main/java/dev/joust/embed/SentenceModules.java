// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/// The steps of a model as sentence-transformers' `modules.json` lists them.
final class SentenceModules {
    static final String FILE = "modules.json";
    static final String TRANSFORMER = "Transformer";
    static final String POOLING = "Pooling";
    static final String DENSE = "Dense";
    static final String NORMALIZE = "Normalize";
    /// Does something only while a model is trained.
    static final String DROPOUT = "Dropout";

    private SentenceModules() {}

    /// One step.
    ///
    /// @param type   the last part of the type's name, which is in another package in each version
    /// @param folder where its files are
    record Module(String type, String folder) {}

    /// In order; empty where there is no such file.
    ///
    /// @throws ModelFolderException if it lists nothing
    static List<Module> read(FolderReader reader) {
        List<Module> modules = new ArrayList<>();
        if (reader.has(FILE)) {
            JsonNode list = reader.anyJson(FILE);
            if (!list.isArray() || list.isEmpty()) {
                throw reader.problem(FILE, "no list of modules");
            }
            for (JsonNode module : list) {
                String type = module.path("type").asText();
                modules.add(new Module(type.substring(type.lastIndexOf('.') + 1), module.path("path").asText()));
            }
        }
        return modules;
    }
}
