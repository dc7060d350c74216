"""What is made once and given to many: pages, files, and the slots that are filled for one."""
