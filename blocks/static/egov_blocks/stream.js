/* The editor's stream: the `unavailable` block (blocks/stream.py) is rendered, but not offered in the menu. */
class Stream extends window.wagtailStreamField.blocks.StreamBlockDefinition {
  constructor(name, groups, initialStates, meta) {
    super(name, groups, initialStates, meta);
    this.groupedChildBlockDefs = groups
      .map(([label, defs]) => [label, defs.filter((def) => def.name !== 'unavailable')])
      .filter(([, defs]) => defs.length);
  }
}
window.telepath.register('egov_blocks.Stream', Stream);
